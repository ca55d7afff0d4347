import { bluekai, bluekaiDemo, type PlatformsServer, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DataRecord, FatalError, RetryableError } from '#dataflow';
import { fakeContext, hostile, leakCheck, runComponent } from '#testing';
import writer from './bluekai.ts';

let server: PlatformsServer<'bluekai'>;
beforeAll(async () => {
  server = await startPlatforms([bluekai]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.bluekai.reset());

const params = (more: DataRecord = {}): DataRecord => ({
  ...bluekaiDemo,
  domain: server.platforms.bluekai.url,
  uniqueIdField: 'UID',
  ...more,
});
const write = (records: DataRecord[], more: DataRecord = {}) =>
  leakCheck((signal) => runComponent(writer, { params: params(more), records, signal }));

describe('writing to BlueKai', () => {
  it('sends each field as a signed hint', async () => {
    const run = await write([
      { UID: 'u/1 ä', age: 41, city: 'Köln & Bonn', likes: ['a=b', 'c'], nested: { x: true }, none: null, empty: '' },
      { UID: 'u2' },
    ]);
    expect(run.records).toHaveLength(2);
    expect(server.platforms.bluekai.state()).toEqual({
      users: { 'u/1 ä': { age: ['41'], city: ['Köln & Bonn'], likes: ['a=b', 'c'], 'nested.x': ['true'] } },
    });
  });

  it('makes these calls', async () => {
    await write([{ UID: 'u1', age: 41, profile: { city: 'Köln' } }], { maxConnections: 1 });
    const shapes = server.platforms.bluekai.requests.map(({ method, path, body }) => ({
      method,
      path: path.replace(/bksig=.*/, 'bksig=…'),
      body,
    }));
    await expect(`${JSON.stringify(shapes, null, 2)}\n`).toMatchFileSnapshot('./__requests__/bluekai.json');
  });

  it('sends records without an id, refused ones and those that are too large to the error path', async () => {
    server.platforms.bluekai.faults.set({ path: 'puserid=bad', status: 400, body: '{"status":"ERROR","message":"User is opted out"}' });
    const run = await write([
      { age: 1 },
      { UID: 'bad' },
      { UID: 'big', text: 'x'.repeat(9000) },
      { UID: 'half', text: '\uD83D' },
      { UID: 'ok', a: 1 },
    ]);
    expect(run.records).toEqual([{ UID: 'ok', a: 1 }]);
    const told = Object.fromEntries(run.errors.map(({ UID = 'none', _errorDetails }) => [UID, (_errorDetails as DataRecord).errorMessage]));
    expect(told).toMatchObject({
      none: 'The record has no id: UID is missing.',
      bad: expect.stringContaining('HTTP 400, User is opted out'),
      big: expect.stringContaining('more than 8000 bytes'),
      half: expect.stringContaining('lone surrogate'),
    });
  });

  it('fails the job on refused keys without showing them', async () => {
    const failing = write([{ UID: 'u1' }], { secretKey: 'not-the-secret' });
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(/HTTP 403, Invalid bksig\. Check bkuid and secretKey/);
    await expect(failing).rejects.not.toThrow('not-the-secret');
  });

  it('leaves throttling and cut connections to be repeated', async () => {
    server.platforms.bluekai.faults.set({ status: 429, retryAfter: 2, times: 1 });
    await expect(write([{ UID: 'u1' }])).rejects.toMatchObject({ constructor: RetryableError, retryAfterMs: 2000 });
    server.platforms.bluekai.faults.set({ cut: 'after', times: 1 });
    await expect(write([{ UID: 'u1' }])).rejects.toBeInstanceOf(RetryableError);
  });

  it('names host and cause when nobody answers', async () => {
    await expect(write([{ UID: 'u1' }], { domain: 'http://127.0.0.1:1' })).rejects.toThrow(
      'http://127.0.0.1:1 did not answer: connection refused',
    );
  });

  it('survives hostile records', async () => {
    const records = hostile.hostileRecords().map((record, n) => ({ ...record, UID: `h${n}` }));
    const run = await write(records);
    expect(run.records.length + run.errors.length).toBe(records.length);
  });

  it('tests the connection without sending an attribute', async () => {
    await using connection = await writer.connect?.(writer.params.parse(params()), fakeContext());
    expect(await connection?.test()).toBe(`Site 48419 answers at ${server.url}.`);
    expect(server.platforms.bluekai.state()).toEqual({ users: {} });
  });
});
