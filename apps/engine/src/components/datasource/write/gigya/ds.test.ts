import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, RetryableError } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import reader from '../../read/gigya/ds.ts';
import writer from './ds.ts';

let server: GigyaServer;
let visits = 0;
let type: string;
beforeAll(async () => {
  server = await startGigya({ accounts: 50 });
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const fresh = () => {
  type = `visit${++visits}`;
};
const write = (records: DataRecord[], params: DataRecord = {}) =>
  runComponent(writer, { site: server.site, params: { type, ...params }, records });
const stored = async () =>
  (await runComponent(reader, { site: server.site, params: { select: 'oid, UID, data', from: type, excludeEmptyFields: true } })).records;

describe('writing to the Data Store', () => {
  test('stores the record without its keys, names with dots nested, and passes it on as it came', async () => {
    fresh();
    const record = { oid: 'v1', UID: 'u1', 'page.name_s': 'Home', seconds_i: 7, _response: { x: 1 } };
    const run = await leakCheck(() => write([record]));
    expect(run.records).toEqual([record]);
    expect(await stored()).toEqual([{ oid: 'v1', UID: 'u1', data: { page: { name_s: 'Home' }, seconds_i: 7 } }]);
  });

  test('takes id and account from other fields, and numbers as ids', async () => {
    fresh();
    await write([{ order: { number: 17 }, customer: 'u2', total_f: 1.5 }], { oid: 'order.number', UID: 'customer', addResponse: true });
    expect(await stored()).toEqual(
      [{ oid: '17', UID: 'u2', data: { total_f: 1.5 } }].map((object) => ({ ...object, data: { total_f: 1.5 } })),
    );
  });

  test('writes back what was read, object by object', async () => {
    fresh();
    const orders = (await runComponent(reader, { site: server.site, params: { select: '*', from: 'order' } })).records;
    const run = await write(orders, { updateBehavior: 'replace' });
    expect(run.records).toHaveLength(orders.length);
    expect(await stored()).toEqual(orders.map(({ oid, UID, data }) => ({ oid, UID, data })));
  });

  test('pushes to arrays, sets them, or replaces the object', async () => {
    fresh();
    await write([{ oid: 'a', tags: ['x'], keep_i: 1 }]);
    await write([{ oid: 'a', tags: ['y'] }]);
    expect(await stored()).toMatchObject([{ data: { tags: ['x', 'y'], keep_i: 1 } }]);
    await write([{ oid: 'a', tags: ['z'] }], { updateBehavior: 'arraySet' });
    expect(await stored()).toMatchObject([{ data: { tags: ['z'], keep_i: 1 } }]);
    await write([{ oid: 'a', only_s: 'this' }], { updateBehavior: 'replace' });
    expect(await stored()).toEqual([{ oid: 'a', data: { only_s: 'this' } }]);
  });

  test('gives records without an id a new one each, or all of them when asked to', async () => {
    fresh();
    const run = await write([{ n_i: 1 }, { n_i: 2, oid: null }, { n_i: 3, oid: 'auto' }], { addResponse: true });
    expect(new Set(run.records.map(({ _response }) => (_response as DataRecord).oid)).size).toBe(3);
    await write([{ oid: 'mine', n_i: 4 }], { oid: 'auto' });
    const objects = await stored();
    expect(objects.map(({ data }) => data)).toEqual([{ n_i: 1 }, { n_i: 2 }, { n_i: 3 }, { n_i: 4, oid: 'mine' }]);
  });

  test('a record without an id is stored once when the answer of the first try is lost', async () => {
    fresh();
    const params = writer.params.parse({ type });
    const context = { ...fakeContext({ site: server.site }), params };
    const connection = await writer.connect?.(params, context);
    const record = { tags: ['x'] };
    const act = () => writer.write([record], { ...context, connection } as Parameters<typeof writer.write>[1]);
    server.faults.set({ method: 'ds.store', cutAnswer: true, next: 1 });
    await expect(act()).rejects.toBeInstanceOf(RetryableError);
    expect(await act()).toEqual([record]);
    await connection?.[Symbol.asyncDispose]();
    expect(await stored()).toMatchObject([{ data: { tags: ['x'] } }]);
  });

  test('refused objects go to the error path with the code of the platform, the others are stored', async () => {
    fresh();
    const records = [
      { oid: 'a', n_i: 1.5 },
      { oid: 'b', 'bad name': 1 },
      { oid: 'c', text: 'x'.repeat(600_000) },
      { oid: 'd' },
      { oid: 'e', n_i: 1 },
    ];
    const run = await write(records);
    expect(run.records).toEqual([{ oid: 'e', n_i: 1 }]);
    expect(run.errors.map(({ _errorDetails }) => (_errorDetails as DataRecord).errorCode)).toEqual([
      400023,
      400006,
      413003,
      errorCodes.invalidRecord,
    ]);
  });

  test('a busy answer may be the fault of the record; a key that may not write ends the job', async () => {
    fresh();
    server.faults.set({ method: 'ds.store', errorCode: 500001 });
    await expect(write([{ oid: 'a', n_i: 1 }])).rejects.toMatchObject({ code: 500001, ofRecords: true });
    server.faults.set({ method: 'ds.store', errorCode: 403007 });
    await expect(write([{ oid: 'a', n_i: 1 }])).rejects.toMatchObject({ code: errorCodes.authenticationFailed });
  });

  test('names the parameter that is wrong', async () => {
    await expect(runComponent(writer, { site: server.site, params: {} })).rejects.toThrow(/type/);
    await expect(write([], { updateBehavior: 'merge' })).rejects.toThrow(/updateBehavior/);
  });
});
