import { isDeepStrictEqual } from 'node:util';
import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { runComponent } from '#testing';
import reader from './account.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2024, 5, 1, 12);

let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 2500, epoch: now });
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
  runComponent(reader, { site: server.site, ...options, params });
const queryOf = (run: { log: { message: string }[] }) => run.log[0]?.message.replace('Searching: ', '');

describe('reading accounts', () => {
  test('gives every account once, page by page, with the total told and a position for each page', async () => {
    const run = await read({ select: 'UID, profile.email', batchSize: 1000 });
    expect(new Set(run.records.map(({ UID }) => UID)).size).toBe(2500);
    expect(run.total).toBe(2500);
    expect(run.positions).toHaveLength(3);
    expect(run.positions[2]).toBeNull();
    expect(run.records[0]).toMatchObject({ profile: { email: expect.stringContaining('@') } });
  });

  test('pages larger than the platform gives are read as the largest it gives', async () => {
    expect((await read({ select: 'UID', batchSize: 10_000 })).records).toHaveLength(2500);
  });

  test('loses and doubles nothing when the platform throttles, fails and cuts connections', async () => {
    server.faults.set(
      { errorCode: 403048, skip: 2, next: 2 },
      { cutAnswer: true, skip: 5, next: 1 },
      { errorCode: 504001, skip: 8, next: 1 },
      { cutAnswer: true, skip: 12, next: 1 },
    );
    const run = await read({ select: 'UID', batchSize: 250 });
    expect(run.records).toHaveLength(2500);
    expect(new Set(run.records.map(({ UID }) => UID)).size).toBe(2500);
    expect(server.faults.list().map(({ hits }) => hits)).toEqual([2, 1, 1, 1]);
  });

  test('leaves early without waiting for the page that is on its way', async () => {
    const run = await read({ select: 'UID', batchSize: 10 }, { stopAfter: 1 });
    expect(run.records).toHaveLength(10);
  });

  test('takes only what changed since the last run, less the delay of the index, by the chosen field', async () => {
    const changedSince = new Date(now - 30 * DAY_MS);
    const job = { fullExtract: false, changedSince };
    const run = await read({ select: 'UID, createdTimestamp', deltaField: 'createdTimestamp' }, { job });
    expect(queryOf(run)).toBe(`SELECT UID, createdTimestamp FROM accounts WHERE createdTimestamp > ${changedSince.getTime() - 30_000}`);
    const everything = await read({ select: 'UID, createdTimestamp' }, { job: { fullExtract: true, changedSince } });
    const newer = everything.records.filter(({ createdTimestamp }) => Number(createdTimestamp) > changedSince.getTime() - 30_000);
    expect(newer.length).toBeGreaterThan(0);
    expect(newer.length).toBeLessThan(2500);
    expect(run.records.map(({ UID }) => UID).sort()).toEqual(newer.map(({ UID }) => UID).sort());
  });

  test('a condition stands in brackets beside delta and consents', async () => {
    const run = await read(
      { select: 'UID', where: 'WHERE profile.age > 50 OR profile.age < 20', consent: ['terms.tos'] },
      { job: { fullExtract: false, changedSince: new Date(40_000) } },
    );
    expect(queryOf(run)).toBe(
      'SELECT UID FROM accounts WHERE (profile.age > 50 OR profile.age < 20) AND preferences.terms.tos.isConsentGranted = true AND lastUpdatedTimestamp > 10000',
    );
  });

  test('only accounts that granted the consents are read', async () => {
    const run = await read({ select: 'preferences.privacy.profiling.isConsentGranted', consent: ['privacy.profiling'] });
    expect(run.records.length).toBeGreaterThan(100);
    expect(run.records.length).toBeLessThan(2500);
    const granted = { preferences: { privacy: { profiling: { isConsentGranted: true } } } };
    expect(run.records.filter((record) => !isDeepStrictEqual(record, granted))).toEqual([]);
  });

  test('time marks are filled with milliseconds when the job pulls all records, and refused otherwise', async () => {
    const where = `createdTimestamp > \${now-1d}`;
    const job = { startTime: new Date(now), fullExtract: true };
    expect(queryOf(await read({ select: 'UID', where }, { job }))).toBe(
      `SELECT UID FROM accounts WHERE createdTimestamp > ${now - DAY_MS}`,
    );
    await expect(read({ select: 'UID', where }, { job: { fullExtract: false } })).rejects.toMatchObject({
      code: errorCodes.invalidParameter,
      field: 'params.where',
    });
  });

  test('the names of older flows still work', async () => {
    const run = await read({ fields: 'UID', whereClause: 'profile.age > 200' });
    expect(queryOf(run)).toBe('SELECT UID FROM accounts WHERE profile.age > 200');
    expect(run.records).toEqual([]);
    expect(run.total).toBe(0);
  });

  test('a selected field that an account lacks is null, or left out with excludeEmptyFields', async () => {
    const select = 'UID, profile.email, profile.noSuchField, data.no.such AS field, nothing';
    const run = await read({ select }, { stopAfter: 1 });
    expect(run.records[0]).toEqual({
      UID: expect.any(String),
      profile: { email: expect.any(String), noSuchField: null },
      data: { no: { field: null } },
      nothing: null,
    });
    const without = await read({ select, excludeEmptyFields: true }, { stopAfter: 1 });
    expect(without.records[0]).toEqual({ UID: expect.any(String), profile: { email: expect.any(String) } });
  });

  test('subscriptions and password, which a search leaves out, are completed account by account', async () => {
    const where = 'profile.age > 20';
    const run = await read(
      { select: 'profile.email, subscriptions, password.hashSettings.algorithm AS kind', where, batchSize: 20, maxConcurrency: 5 },
      { stopAfter: 1 },
    );
    expect(run.records).toHaveLength(20);
    for (const record of run.records) {
      expect(Object.keys(record).sort()).toEqual(['password', 'profile', 'subscriptions']);
      expect(record.password).toHaveProperty('hashSettings.kind');
    }
    expect(run.records.some(({ subscriptions }) => subscriptions !== null)).toBe(true);
    expect(queryOf(run)).toBe('SELECT UID, profile.email FROM accounts WHERE profile.age > 20');
  });

  test('an account that is gone by the time it is completed goes to the error path', async () => {
    server.faults.set({ method: 'accounts.getAccountInfo', next: 1, errorCode: 404003 });
    const run = await read({ select: 'UID, subscriptions', batchSize: 5 }, { stopAfter: 1 });
    expect(run.records).toHaveLength(4);
    expect(run.errors).toMatchObject([{ _errorDetails: { errorCode: 404003 } }]);
  });

  test('a count is one record', async () => {
    expect((await read({ select: 'count(*)' })).records).toEqual([{ 'count(*)': 2500 }]);
  });

  test('lite accounts are read from emailAccounts', async () => {
    const run = await read({ select: 'email, hasLiteAccount, subscriptions', from: 'emailAccounts' }, { stopAfter: 1 });
    expect(run.records[0]).toMatchObject({ email: expect.stringContaining('@') });
    expect(queryOf(run)).toContain('SELECT email, hasLiteAccount, subscriptions FROM emailAccounts');
  });

  test('another site is read when the step names one, and half a site is refused', async () => {
    const { apiKey, userKey, secret, apiDomain } = server.site;
    const own = { apiKey: '3_own', userKey: 'Aown', secret: 'b3du', apiDomain };
    expect((await read({ select: 'UID', apiKey, userKey, secret }, { site: own, stopAfter: 1 })).records).toHaveLength(300);
    await expect(read({ select: 'UID', apiKey, userKey }, { site: own })).rejects.toMatchObject({ field: 'params.secret' });
    await expect(runComponent(reader, { params: { select: 'UID' } })).rejects.toThrow(/No site is known/);
  });

  test('a condition the platform refuses fails the job with its words', async () => {
    await expect(read({ select: 'UID', where: 'profile.age >' })).rejects.toMatchObject({ code: 400006 });
  });
});
