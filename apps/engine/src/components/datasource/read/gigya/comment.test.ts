import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import reader from './comment.ts';

const now = Date.UTC(2024, 5, 1, 12);
let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 5, epoch: now });
});
afterAll(() => server.stop());

const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
  runComponent(reader, { site: server.site, ...options, params });

describe('reading comments', () => {
  test('gives the streams of a category, names with dots nested or kept', async () => {
    const where = 'categoryID="comments"';
    const run = await leakCheck(() => read({ from: 'streams', where, batchSize: 300 }));
    expect(run.records).toHaveLength(30);
    expect(run.records[0]).toMatchObject({ streamID: 'article-1', categoryID: 'comments', meta: { section: expect.any(String) } });
    const [kept] = (await read({ from: 'streams', where, keepFieldNamesWithDotAsIs: true })).records;
    expect(kept).toHaveProperty(['meta.section']);
  });

  test('gives every comment once, a hundred a page when nothing is said', async () => {
    const run = await read({ from: 'comments' });
    expect(run.records.length).toBe(run.total);
    expect(run.positions).toHaveLength(Math.ceil(run.records.length / 100));
    expect(new Set(run.records.map(({ ID }) => ID)).size).toBe(run.records.length);
    expect((await read({ from: 'streams' })).positions).toHaveLength(1);
  });

  test('reads everything in every run, or by the delta field that is given', async () => {
    const job = { fullExtract: false, changedSince: new Date(now - 5 * 86_400_000) };
    const all = await read({ from: 'comments' }, { job });
    const some = await read({ from: 'comments', deltaField: 'timestamp' }, { job });
    expect(some.records.length).toBeGreaterThan(0);
    expect(some.records).toEqual(all.records.filter(({ timestamp }) => Number(timestamp) > job.changedSince.getTime() - 30_000));
  });

  test('wants to know what to read', async () => {
    await expect(read({})).rejects.toThrow(/from/);
    await expect(read({ from: 'votes' })).rejects.toThrow(/from/);
    await expect(read({ from: 'streams', where: 'categoryID' })).rejects.toMatchObject({ code: 400006 });
  });
});
