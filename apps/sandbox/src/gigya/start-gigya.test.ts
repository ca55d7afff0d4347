import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { sendSigned, signedCall } from './signed-call.ts';
import { type GigyaServer, startGigya } from './start-gigya.ts';

const countAll = { query: 'SELECT count(*) FROM accounts' };
let server: GigyaServer;

beforeEach(async () => {
  server = await startGigya({ accounts: 20 });
});
afterEach(() => server.stop());

const search = (params: Record<string, string> = countAll) => signedCall(server.site, 'accounts.search', params);

describe('the envelope', () => {
  it('stands around an answer', async () => {
    expect(await search({ ...countAll, context: 'mine' })).toEqual({
      callId: expect.stringMatching(/^[0-9a-f]{32}$/),
      errorCode: 0,
      apiVersion: 2,
      statusCode: 200,
      statusReason: 'OK',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      context: 'mine',
      results: [{ 'count(*)': 20 }],
      objectsCount: 1,
      totalCount: 1,
    });
  });

  it('stands around an error, with HTTP 200', async () => {
    const response = await sendSigned(server.site, 'accounts.getAccountInfo', { UID: 'nobody', context: 'c' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      errorCode: 404003,
      errorMessage: 'UID not found',
      errorDetails: 'There is no account with UID nobody',
      statusCode: 404,
      statusReason: 'Not Found',
      context: 'c',
    });
  });

  it('lets the HTTP status follow when httpStatusCodes asks for it', async () => {
    expect((await sendSigned(server.site, 'accounts.getAccountInfo', { UID: 'nobody', httpStatusCodes: 'true' })).status).toBe(404);
    expect((await sendSigned(server.site, 'accounts.search', { ...countAll, httpStatusCodes: 'true' })).status).toBe(200);
  });
});

describe('requests', () => {
  it('may write parameter names in any case', async () => {
    const uid = String(((await search({ QUERY: 'SELECT UID FROM accounts LIMIT 1' })).results as JsonObject[])[0]?.UID);
    expect(await signedCall(server.site, 'accounts.getAccountInfo', { uid })).toMatchObject({ UID: uid });
  });

  it('to unknown methods answer 405001, with or without a namespace', async () => {
    expect(await signedCall(server.site, 'accounts.doMagic')).toMatchObject({ errorCode: 405001 });
    expect(await signedCall(server.site, 'search')).toMatchObject({
      errorCode: 405001,
      errorDetails: 'There is no method socialize.search',
    });
  });

  it('of other kinds answer 400001', async () => {
    const put = await fetch(`${server.url}/accounts.search`, { method: 'PUT', body: 'x' });
    expect(await put.json()).toMatchObject({ errorCode: 400001 });
    const json = await fetch(`${server.url}/accounts.search`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(await json.json()).toMatchObject({ errorCode: 400001 });
  });

  it('larger than 16 MB answer 413001', async () => {
    const response = await fetch(`${server.url}/accounts.search`, {
      method: 'POST',
      body: new URLSearchParams({ query: 'x'.repeat(17 * 1024 * 1024) }),
    });
    expect(await response.json()).toMatchObject({ errorCode: 413001 });
  });
});

describe('limits', () => {
  it('answer 403048 past the rate, until time has passed', async () => {
    let now = Date.now();
    const slow = await startGigya({ accounts: 5, rate: { callsPerSecond: 3 }, clock: () => now });
    const codes = async (count: number) => {
      const answers = [];
      for (let call = 0; call < count; call++) answers.push((await signedCall(slow.site, 'accounts.search', countAll)).errorCode);
      return answers;
    };
    expect(await codes(5)).toEqual([0, 0, 0, 403048, 403048]);
    now += 1000;
    expect(await codes(4)).toEqual([0, 0, 0, 403048]);
    await slow.stop();
  });

  it('answer 409030 to the sixth call on one UID at a time', async () => {
    const uid = String(((await search({ query: 'SELECT UID FROM accounts LIMIT 1' })).results as JsonObject[])[0]?.UID);
    server.faults.set({ method: 'accounts.setAccountInfo', delayMs: 300 });
    const calls = Array.from({ length: 7 }, () => signedCall(server.site, 'accounts.setAccountInfo', { UID: uid, data: '{"crmId":"x"}' }));
    const codes = (await Promise.all(calls)).map(({ errorCode }) => errorCode);
    expect(codes.filter((code) => code === 0)).toHaveLength(5);
    expect(codes.filter((code) => code === 409030)).toHaveLength(2);
  });
});

describe('faults', () => {
  it('hit the next calls of one method after those to skip', async () => {
    server.faults.set({ method: 'accounts.search', skip: 1, next: 2, errorCode: 500001 });
    const codes = [];
    for (let call = 0; call < 5; call++) codes.push((await search()).errorCode);
    expect(codes).toEqual([0, 500001, 500001, 0, 0]);
    expect(await signedCall(server.site, 'accounts.getAccountInfo', { UID: 'x' })).toMatchObject({ errorCode: 404003 });
  });

  it('hit with a probability', async () => {
    server.faults.set({ probability: 0, errorCode: 500001 });
    expect(await search()).toMatchObject({ errorCode: 0 });
    server.faults.set({ probability: 1, errorCode: 504001 });
    expect(await search()).toMatchObject({ errorCode: 504001, statusReason: 'Gateway Timeout' });
  });

  it('delay', async () => {
    server.faults.set({ delayMs: 60 });
    const start = performance.now();
    await search();
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });

  it('throttle', async () => {
    server.faults.set({ callsPerSecond: 1 });
    expect([(await search()).errorCode, (await search()).errorCode]).toEqual([0, 403048]);
  });

  it('cut the connection in the middle of an answer whose work is done', async () => {
    server.faults.set({ next: 1, cutAnswer: true });
    const response = await sendSigned(server.site, 'accounts.importFullAccount', { UID: 'done', profile: '{}' });
    await expect(response.text()).rejects.toThrow();
    expect(server.accountOf('done')).toBeDefined();
    expect(await search()).toMatchObject({ errorCode: 0 });
  });

  it('never answer, and a stop still ends at once', async () => {
    server.faults.set({ neverAnswer: true });
    const unanswered = search().catch((error: Error) => error);
    await expect.poll(() => server.calls['accounts.search']).toBe(1);
    await server.stop();
    expect(await unanswered).toBeInstanceOf(Error);
    server = await startGigya({ accounts: 1 });
  });

  it('can be set, read and cleared over HTTP, and calls be counted', async () => {
    const control = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${server.url}/_sandbox/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
    const fault = { method: 'accounts.search', errorCode: 403048, next: 1 };
    expect(await control('POST', 'faults', fault)).toEqual({ status: 200, body: { faults: [{ ...fault, hits: 0 }] } });
    await search();
    await search();
    expect((await control('GET', 'stats')).body).toEqual({
      calls: { 'accounts.search': 2 },
      answers: { '0': 1, '403048': 1 },
      accounts: 20,
      faults: [{ ...fault, hits: 1 }],
    });
    expect((await control('DELETE', 'faults')).body).toEqual({ faults: [] });
    expect((await control('POST', 'faults', {})).body).toEqual({ faults: [] });
    expect(await control('POST', 'faults', { errorcode: 1 })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("no field 'errorcode'") },
    });
    expect(await control('POST', 'faults', { delayMs: '5' })).toMatchObject({
      status: 400,
      body: { error: "The fault's delayMs must be a number" },
    });
    expect(await control('GET', 'nothing')).toMatchObject({ status: 404 });
  });
});
