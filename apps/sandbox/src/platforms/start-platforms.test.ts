import express, { Router } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from './platform.ts';
import { type PlatformsServer, startPlatforms } from './start-platforms.ts';

/** Counts what it is given. */
const counter: Platform & { name: 'counter' } = {
  name: 'counter',
  start: ({ url }) => {
    let total = 0;
    const router = Router();
    router.use(express.json());
    router.post('/add', (request, response) => {
      total += Number(request.body.n);
      response.json({ total, at: url() });
    });
    const reset = () => {
      total = 0;
    };
    return { router, state: () => ({ total }), reset };
  },
};

let server: PlatformsServer<'counter'>;
beforeAll(async () => {
  server = await startPlatforms([counter]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.counter.reset());

const add = (n: number) =>
  fetch(`${server.url}/counter/add?by=${n}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ n }),
  });

describe('platforms on one port', () => {
  it('answer below their name and know their address', async () => {
    expect(await (await add(2)).json()).toEqual({ total: 2, at: `${server.url}/counter` });
    expect((await fetch(`${server.url}/other`)).status).toBe(404);
  });

  it('record what they were asked', async () => {
    await add(3);
    expect(server.platforms.counter.requests).toMatchObject([
      { method: 'POST', path: '/add?by=3', headers: { 'content-type': 'application/json' }, body: '{"n":3}' },
    ]);
  });

  it('fail, throttle and cut as they are told', async () => {
    const { faults, state } = server.platforms.counter;
    faults.set(
      { path: '/add', status: 429, retryAfter: 7, body: '{"no":1}', times: 1 },
      { cut: 'before', times: 1 },
      { cut: 'after', times: 1 },
    );
    const throttled = await add(1);
    expect([throttled.status, throttled.headers.get('retry-after'), await throttled.text()]).toEqual([429, '7', '{"no":1}']);
    await expect(add(1)).rejects.toThrow();
    expect(state()).toEqual({ total: 0 });
    await expect(add(1)).rejects.toThrow();
    expect(state()).toEqual({ total: 1 });
    expect((await add(1)).status).toBe(200);
  });

  it('are set and seen over HTTP', async () => {
    const door = (name: string, init?: RequestInit) =>
      fetch(`${server.url}/_sandbox/counter-${name}`, init).then((answer) => answer.json());
    expect(await door('faults', { method: 'POST', body: '{"status": 503, "after": 1}' })).toEqual({
      faults: [{ status: 503, after: 1, hits: 0 }],
    });
    expect([(await add(5)).status, (await add(5)).status]).toEqual([200, 503]);
    expect(await door('state')).toEqual({ requests: 2, total: 5 });
    expect(await door('requests')).toMatchObject({ requests: [{ path: '/add?by=5' }, { path: '/add?by=5' }] });
    expect(await door('faults', { method: 'POST', body: '{"nonsense": 1}' })).toMatchObject({
      error: expect.stringContaining("no field 'nonsense'"),
    });
  });
});
