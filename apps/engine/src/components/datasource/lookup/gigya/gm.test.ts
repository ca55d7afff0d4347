import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, RetryableError } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import reader from '../../read/gigya/account.ts';
import lookup from './gm.ts';

let server: GigyaServer;
let accounts: DataRecord[];
beforeAll(async () => {
  server = await startGigya({ accounts: 20 });
  accounts = (await runComponent(reader, { site: server.site, params: { select: 'UID' } })).records;
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const look = (records: DataRecord[], params: DataRecord = {}) => runComponent(lookup, { site: server.site, params, records });
const challengesOf = ({ achievements }: DataRecord) => (achievements as DataRecord[]).map(({ challengeID }) => challengeID);

describe('looking challenges up', () => {
  test('adds the achievements of each account, one call for each', async () => {
    const run = await leakCheck(() => look(accounts, { includeChallenges: '*' }));
    expect(run.records).toHaveLength(20);
    expect(run.records[0]).toMatchObject({
      ...accounts[0],
      achievements: [{ challengeID: '_default', level: expect.any(Number), pointsTotal: expect.any(Number) }, {}, {}],
    });
    expect(server.calls['gm.getChallengeStatus']).toBe(20);
  });

  test('takes challenges as a list or separated by commas, leaves out others, and all without any', async () => {
    const [account = {}] = accounts;
    for (const includeChallenges of [['explorer', 'reviewer'], 'explorer, reviewer']) {
      const run = await look([account], { includeChallenges, excludeChallenges: 'reviewer' });
      expect(run.records.map(challengesOf)).toEqual([['explorer']]);
    }
    expect((await look([account], { excludeChallenges: ['_default'] })).records.map(challengesOf)).toEqual([['explorer', 'reviewer']]);
    expect((await look([account])).records.map(challengesOf)).toEqual([['_default', 'explorer', 'reviewer']]);
  });

  test('a record without UID, an unknown account and an unknown challenge go to the error path', async () => {
    const run = await look([{ name: 'x' }, { UID: 'nobody' }, { uid: String(accounts[0]?.UID) }]);
    expect(run.records).toHaveLength(1);
    expect(run.errors).toMatchObject([
      { _errorDetails: { errorCode: errorCodes.invalidRecord } },
      { UID: 'nobody', _errorDetails: { errorCode: 404003 } },
    ]);
    const unknown = await look(accounts.slice(0, 1), { includeChallenges: 'climber' });
    expect(unknown.errors).toMatchObject([{ _errorDetails: { errorCode: 400006, errorMessage: expect.stringContaining('climber') } }]);
  });

  test('a busy answer is for the engine to repeat, and may be the fault of the record', async () => {
    server.faults.set({ method: 'gm.getChallengeStatus', errorCode: 500001 });
    const thrown = await look(accounts.slice(0, 1)).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ code: 500001, ofRecords: true });
  });

  test('as many calls are in flight as maxConnections says, from 1 to 100', async () => {
    const params = lookup.params.parse({ maxConnections: 7 });
    expect([lookup.batchSize?.(params), lookup.concurrency?.(params)]).toEqual([1, 7]);
    await expect(look([], { maxConnections: 101 })).rejects.toThrow(/maxConnections/);
  });
});
