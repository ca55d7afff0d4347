import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import reader from './ds.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2024, 5, 1, 12);
let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 500, epoch: now });
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
  runComponent(reader, { site: server.site, ...options, params: { from: 'order', ...params } });
const queryOf = (run: { log: { message: string }[] }) => run.log[0]?.message.replace('Searching: ', '');

describe('reading the Data Store', () => {
  test('gives every object once, page by page, with the total told', async () => {
    const run = await leakCheck(() => read({ select: '*', batchSize: 100 }));
    expect(run.total).toBe(run.records.length);
    expect(run.positions.length).toBe(Math.ceil(run.records.length / 100));
    expect(new Set(run.records.map(({ oid }) => oid)).size).toBe(run.records.length);
    expect(run.records[0]).toMatchObject({
      oid: expect.stringContaining('order-'),
      UID: expect.any(String),
      data: { total_f: expect.any(Number), items: expect.any(Array) },
      lastUpdated: expect.any(Number),
    });
  });

  test('takes only what changed since the last run, less the delay of the index', async () => {
    const changedSince = new Date(now - 30 * DAY_MS);
    const run = await read({ select: 'oid, lastUpdated' }, { job: { fullExtract: false, changedSince } });
    expect(queryOf(run)).toBe(`SELECT oid, lastUpdated FROM order WHERE lastUpdated > ${changedSince.getTime() - 30_000}`);
    const everything = await read({ select: 'oid, lastUpdated' }, { job: { fullExtract: true, changedSince } });
    const newer = everything.records.filter(({ lastUpdated }) => Number(lastUpdated) > changedSince.getTime() - 30_000);
    expect(newer.length).toBeGreaterThan(0);
    expect(newer.length).toBeLessThan(everything.records.length);
    expect(run.records).toEqual(newer);
  });

  test('compares fields that hold ISO text as text', async () => {
    const job = { fullExtract: false, changedSince: new Date(now - 30 * DAY_MS) };
    const run = await read({ select: 'oid', deltaField: 'lastUpdatedTime', where: 'data.isPaid_b = true' }, { job });
    expect(queryOf(run)).toBe('SELECT oid FROM order WHERE (data.isPaid_b = true) AND lastUpdatedTime > "2024-05-02T11:59:30.000Z"');
    expect(run.records.length).toBeGreaterThan(0);
    const counted = await read({ select: 'count(*)', where: 'data.isPaid_b = true', deltaField: 'lastUpdated' }, { job });
    expect(counted.records).toEqual([{ 'count(*)': run.records.length }]);
  });

  test('a selected field that an object lacks is null, or left out', async () => {
    const params = { from: 'shop', select: 'oid, UID, data.missing AS field, data.name_s' };
    expect((await read(params)).records[0]).toEqual({ oid: 'shop-1', UID: null, data: { field: null, name_s: expect.any(String) } });
    expect((await read({ ...params, excludeEmptyFields: true })).records[0]).toEqual({
      oid: 'shop-1',
      data: { name_s: expect.any(String) },
    });
  });

  test('loses and doubles nothing when the platform throttles, fails and cuts connections', async () => {
    const whole = (await read({ select: 'oid', batchSize: 100 })).records.length;
    server.faults.set(
      { errorCode: 403048, skip: 1, next: 1 },
      { cutAnswer: true, skip: 3, next: 1 },
      { errorCode: 504001, skip: 5, next: 1 },
    );
    expect((await read({ select: 'oid', batchSize: 100 })).records).toHaveLength(whole);
  });

  test('a type that holds nothing gives nothing; a condition that is none fails the job', async () => {
    expect((await read({ select: '*', from: 'nothing' })).records).toEqual([]);
    await expect(read({ select: '*', where: 'data.x ==' })).rejects.toMatchObject({ code: 400006 });
  });

  test('tells whether the site answers by the Data Store itself', async () => {
    const context = fakeContext({ site: server.site });
    const connection = await reader.connect?.(reader.params.parse({ select: '*', from: 'order' }), context);
    const searches = server.calls['accounts.search'];
    expect(await connection?.test()).toBe(`Site ${server.site.apiKey} answers at ${server.url}.`);
    expect(server.calls['accounts.search']).toBe(searches);
    await connection?.[Symbol.asyncDispose]();
  });
});
