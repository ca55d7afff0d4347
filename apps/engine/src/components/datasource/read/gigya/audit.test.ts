import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import generic from '../../write/gigya/generic.ts';
import accountReader from './account.ts';
import reader from './audit.ts';

const now = Date.UTC(2024, 5, 1, 12);
let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 50, epoch: now });
});
afterAll(() => server.stop());

const deletions = 'endpoint = "accounts.deleteAccount" AND errCode = "0"';
const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
  runComponent(reader, { site: server.site, ...options, params });
const queryOf = (run: { log: { message: string }[] }) => run.log[0]?.message.replace('Searching: ', '');

describe('reading the audit log', () => {
  test('gives whole events, page by page', async () => {
    const run = await leakCheck(() => read({ select: '*', batchSize: 500 }));
    expect([run.records.length, run.total, run.positions.length]).toEqual([2000, 2000, 4]);
    expect(run.records[0]).toMatchObject({ '@timestamp': expect.any(String), errCode: expect.any(String), params: {}, httpReq: {} });
  });

  test('picks fields itself, aliases and nested ones included, since the platform selects everything', async () => {
    const select = 'uid, params.x_provider AS provider, httpReq.country, @timestamp AS time, missing';
    const run = await read({ select, where: 'endpoint = "accounts.socialLogin"' });
    expect(queryOf(run)).toBe('SELECT * FROM auditLog WHERE endpoint = "accounts.socialLogin"');
    expect(run.records[0]).toEqual({
      uid: expect.any(String),
      params: { provider: 'facebook' },
      httpReq: { country: expect.any(String) },
      time: expect.stringContaining('T'),
      missing: null,
    });
    const [without] = (await read({ select: 'uid, missing', excludeEmptyFields: true })).records;
    expect(Object.keys(without ?? {})).toEqual(['uid']);
  });

  test('takes only events since the last run, less the delay of the index', async () => {
    const job = { fullExtract: false, changedSince: new Date(now - 30 * 86_400_000) };
    const run = await read({ select: '@timestamp', where: deletions }, { job });
    expect(queryOf(run)).toBe(`SELECT * FROM auditLog WHERE (${deletions}) AND @timestamp > "2024-05-02T11:59:30.000Z"`);
    const all = (await read({ select: '@timestamp', where: deletions })).records.map((event) => String(event['@timestamp']));
    expect(run.records.map((event) => event['@timestamp'])).toEqual(all.filter((time) => time > '2024-05-02T11:59:30.000Z'));
    expect(run.records.length).toBeGreaterThan(0);
  });

  test('finds an account that was deleted a moment ago', async () => {
    const [account = {}] = (await runComponent(accountReader, { site: server.site, params: { select: 'UID' }, stopAfter: 1 })).records;
    const params = { apiMethod: 'accounts.deleteAccount', apiParams: [{ paramName: 'UID', sourceField: 'UID' }] };
    await runComponent(generic, { site: server.site, params, records: [account] });
    const job = { fullExtract: false, changedSince: new Date(now) };
    expect((await read({ select: 'params.UID, uid', where: deletions }, { job })).records).toEqual([
      { params: { UID: account.UID }, uid: account.UID },
    ]);
  });

  test('refuses aggregates, other logs and conditions that are none', async () => {
    await expect(read({ select: 'count(*)' })).rejects.toMatchObject({ field: 'params.select' });
    await expect(read({ select: '*', from: 'accounts' })).rejects.toThrow(/from/);
    await expect(read({ select: '*', where: 'endpoint LIKE "x"' })).rejects.toMatchObject({ code: 400006 });
  });
});
