import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, FatalError } from '#dataflow';
import { fakeJob, leakCheck, runComponent } from '#testing';
import reader from '../../read/gigya/account.ts';
import writer from './generic.ts';

let server: GigyaServer;
let uids: string[];
beforeAll(async () => {
  server = await startGigya({ accounts: 10 });
  uids = (await runComponent(reader, { site: server.site, params: { select: 'UID' } })).records.map(({ UID }) => String(UID));
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const write = (records: DataRecord[], params: DataRecord) => runComponent(writer, { site: server.site, params, records });
const uid = (index: number) => uids[index] ?? '';
const byUid = { paramName: 'UID', sourceField: 'UID', value: '' };

describe('calling a method for each record', () => {
  test('sends fields and constants; texts as they are, objects as JSON', async () => {
    const params = {
      apiMethod: 'accounts.setAccountInfo',
      apiParams: [
        { paramName: 'uid', sourceField: '_response.UID', value: '' },
        { paramName: 'data', sourceField: 'data', value: '' },
        { paramName: 'isActive', sourceField: '', value: 'false' },
        { paramName: 'context', value: `\${jobId}` },
      ],
      addResponse: true,
    };
    const records = [{ _response: { UID: uid(0) }, data: { nested: { n: 1 } } }];
    const run = await leakCheck(() => write(records, params));
    expect(run.records).toMatchObject([{ data: { nested: { n: 1 } }, _response: { errorCode: 0, context: fakeJob.id } }]);
    expect(server.accountOf(uid(0))).toMatchObject({ isActive: false, data: { nested: { n: 1 } } });
  });

  test('leaves out parameters whose field a record lacks, and a dotted name may be one field', async () => {
    const apiParams = [byUid, { paramName: 'data', sourceField: 'data.missing' }, { paramName: 'regSource', sourceField: 'reg.source' }];
    const run = await write([{ UID: uid(1), 'reg.source': 'x' }], { apiMethod: 'accounts.setAccountInfo', apiParams });
    expect(run.errors).toEqual([]);
  });

  test('deletes accounts; one that is gone goes to the error path, with the answer when asked', async () => {
    const params = { apiMethod: 'accounts.deleteAccount', apiParams: [byUid], addResponse: true };
    const run = await write([{ UID: uid(2) }, { UID: uid(2), keep: 1 }], params);
    expect(run.records).toHaveLength(1);
    expect(run.errors).toMatchObject([{ keep: 1, _errorDetails: { errorCode: 404003 }, _response: { errorCode: 404003 } }]);
    expect(server.accountOf(uid(2))).toBeUndefined();
  });

  test('calls methods of every namespace', async () => {
    const apiParams = ['type', 'oid', 'data'].map((name) => ({ paramName: name, sourceField: name }));
    const run = await write([{ type: 'g', oid: 'o', data: { n_i: 1 } }], { apiMethod: 'ds.store', apiParams, addResponse: true });
    expect(run.records).toMatchObject([{ _response: { oid: 'o' } }]);
  });

  test('partly done counts as written, a policy that forbids it refuses each record', async () => {
    server.faults.set({ errorCode: 206002 });
    expect((await write([{ UID: uid(3) }], { apiMethod: 'accounts.setAccountInfo', apiParams: [byUid] })).records).toHaveLength(1);
    server.faults.set({ errorCode: 401000 });
    const run = await write([{ UID: uid(3) }], { apiMethod: 'accounts.deleteAccount', apiParams: [byUid] });
    expect(run.errors).toMatchObject([{ _errorDetails: { errorCode: 401000, errorMessage: expect.stringContaining('policy') } }]);
  });

  test('a busy answer may be the fault of the record, whatever the method names it by', async () => {
    server.faults.set({ errorCode: 500001 });
    const apiParams = [{ paramName: 'email', sourceField: 'email' }];
    const run = write([{ email: 'a@example.com' }], { apiMethod: 'accounts.importLiteAccount', apiParams });
    await expect(run).rejects.toMatchObject({ code: 500001, ofRecords: true });
  });

  test('records of odd shape and odd texts harm nobody but themselves', async () => {
    const records: DataRecord[] = [{}, { UID: { deep: [1] } }, { UID: 'half \ud800' }, { UID: 'a&b=c%' }, { UID: null }, { UID: uid(4) }];
    const run = await write(records, { apiMethod: 'accounts.setAccountInfo', apiParams: [byUid] });
    expect([run.records.length, run.errors.length]).toEqual([1, 5]);
  });
});

describe('a call that cannot work', () => {
  test('an unknown method ends the job', async () => {
    const thrown = await write([{ UID: uid(5) }], { apiMethod: 'accounts.noSuchMethod', apiParams: [byUid] }).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ code: 405001, message: expect.stringContaining('accounts.noSuchMethod') });
  });

  test.each(['', 'accounts', 'accounts.', 'accounts.x/../y', 'accounts.x?y=z', 'https://evil.example/x'])(
    '%j is no method with a namespace',
    async (apiMethod) => {
      if (apiMethod === 'accounts') await expect(write([{}], { apiMethod })).rejects.toMatchObject({ code: 405001 });
      else await expect(write([{}], { apiMethod })).rejects.toThrow(/apiMethod/);
    },
  );

  test.each(['apiKey', 'USERKEY', 'secret', 'sig', 'oauth_token'])(
    '%s cannot be a parameter, since it says who calls',
    async (paramName) => {
      const params = { apiMethod: 'accounts.setAccountInfo', apiParams: [byUid, { paramName, value: 'x' }] };
      await expect(write([{ UID: uid(5) }], params)).rejects.toMatchObject({
        code: errorCodes.invalidParameter,
        field: 'params.apiParams[1].paramName',
      });
    },
  );
});
