import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, RetryableError } from '#dataflow';
import { runComponent } from '#testing';
import reader from '../../read/gigya/account.ts';
import writer from './account.ts';

let server: GigyaServer;
let uids: string[];
beforeAll(async () => {
  server = await startGigya({ accounts: 10 });
  uids = (await runComponent(reader, { site: server.site, params: { select: 'UID' } })).records.map(({ UID }) => String(UID));
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { site: server.site, params, records });
const uid = (index: number) => uids[index] ?? '';

describe('writing accounts', () => {
  test('merges the fields of the record into the account and passes the record on as it came', async () => {
    const record = { UID: uid(0), profile: { city: 'Bern' }, data: { score: 7 } };
    const run = await write([record]);
    expect(run.records).toEqual([record]);
    expect(server.accountOf(uid(0))).toMatchObject({ profile: { city: 'Bern', email: expect.stringContaining('@') }, data: { score: 7 } });
  });

  test('names with dots nest, beside objects that are there; the record itself keeps its names', async () => {
    const record = { uid: uid(1), 'profile.city': 'Thun', profile: { country: 'CH' }, 'data.a.b': 1 };
    expect((await write([record])).records).toEqual([record]);
    expect(server.accountOf(uid(1))).toMatchObject({ profile: { city: 'Thun', country: 'CH' }, data: { a: { b: 1 } } });
  });

  test('adds the answer as _response when asked, on refusals too', async () => {
    const run = await write([{ UID: uid(2), data: { x: 1 } }, { UID: 'nobody' }], { addResponse: true });
    expect(run.records).toMatchObject([{ UID: uid(2), _response: { errorCode: 0 } }]);
    expect(run.errors).toMatchObject([{ UID: 'nobody', _response: { errorCode: expect.any(Number) } }]);
  });

  test('an unknown account goes to the error path with the code of the platform, the others are written', async () => {
    const run = await write([
      { UID: 'nobody', data: { x: 2 } },
      { UID: uid(3), data: { x: 2 } },
    ]);
    expect(run.records.map(({ UID }) => UID)).toEqual([uid(3)]);
    expect(run.errors).toMatchObject([{ UID: 'nobody', _errorDetails: { errorCode: expect.toBeOneOf([404003, 403005]) } }]);
  });

  test('a record without UID goes to the error path without a call', async () => {
    const calls = server.calls['accounts.setAccountInfo'];
    const run = await write([{ profile: { city: 'Bern' } }, { UID: '', profile: {} }]);
    expect(run.errors.map(({ _errorDetails }) => (_errorDetails as DataRecord).errorCode)).toEqual([
      errorCodes.invalidRecord,
      errorCodes.invalidRecord,
    ]);
    expect(server.calls['accounts.setAccountInfo']).toBe(calls);
  });

  test('partly done counts as written', async () => {
    server.faults.set({ method: 'accounts.setAccountInfo', errorCode: 206001 });
    expect((await write([{ UID: uid(4) }])).records).toHaveLength(1);
  });

  test('throttled calls wait their turn; busy answers are for the engine to repeat', async () => {
    server.faults.set({ method: 'accounts.setAccountInfo', errorCode: 403048, next: 2 });
    expect((await write([{ UID: uid(5) }])).records).toHaveLength(1);
    for (const errorCode of [409030, 500001, 500028, 503001, 504001, 504002]) {
      server.faults.set({ method: 'accounts.setAccountInfo', errorCode });
      const thrown = await write([{ UID: uid(5) }]).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(RetryableError);
      expect(thrown).toMatchObject({ code: errorCode, ofRecords: true });
    }
  });

  test('as many calls are in flight as maxConnections says', () => {
    const params = writer.params.parse({ maxConnections: 7 });
    expect([writer.batchSize?.(params), writer.concurrency?.(params)]).toEqual([1, 7]);
  });
});
