import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';

let server: GigyaServer;
beforeEach(async () => {
  server = await startGigya({ accounts: 50 });
});
afterEach(() => server.stop());

const store = (data: object, params: Record<string, string> = {}) =>
  signedCall(server.site, 'ds.store', { type: 'visit', oid: 'v1', data: JSON.stringify(data), ...params });
const get = (params: Record<string, string> = {}) => signedCall(server.site, 'ds.get', { type: 'visit', oid: 'v1', ...params });

describe('ds.store', () => {
  it('puts new elements behind those of an array, replaces arrays or replaces the object', async () => {
    await store({ page_s: 'a', tags: ['x'], deep: { list: [1] } });
    await store({ tags: ['y'], deep: { list: [2], more_i: 3 } });
    expect((await get()).data).toEqual({ page_s: 'a', tags: ['x', 'y'], deep: { list: [1, 2], more_i: 3 } });
    await store({ tags: ['z'] }, { updateBehavior: 'arraySet' });
    expect((await get()).data).toMatchObject({ page_s: 'a', tags: ['z'] });
    await store({ page_s: 'b' }, { updateBehavior: 'REPLACE' });
    expect((await get()).data).toEqual({ page_s: 'b' });
    expect(await store({}, { updateBehavior: 'merge' })).toMatchObject({ errorCode: 400006 });
  });

  it('makes an id of its own for auto, another one each time', async () => {
    const [one, two] = [await store({ n_i: 1 }, { oid: 'auto' }), await store({ n_i: 1 }, { oid: 'auto' })];
    expect(one.oid).toMatch(/^[0-9a-f]{32}$/);
    expect(two.oid).not.toBe(one.oid);
  });

  it('tells objects of one id apart by their accounts', async () => {
    await store({ n_i: 1 }, { UID: 'u1' });
    await store({ n_i: 2 }, { UID: 'u2' });
    expect(await get({ UID: 'u1' })).toMatchObject({ UID: 'u1', data: { n_i: 1 } });
    expect(await get()).toMatchObject({ errorCode: 404000 });
  });

  it.each([
    [{ n_i: 1.5 }, 400023],
    [{ flag_b: 'true' }, 400023],
    [{ deep: [{ n_f: 'x' }] }, 400023],
    [{ day_d: 'yesterday' }, 400026],
    [{ '1st': 1 }, 400006],
    [{ 'a-b': 1 }, 400006],
    [{ text_t: 'x'.repeat(600_000) }, 413003],
  ])('refuses %j', async (data, errorCode) => {
    expect(await store(data)).toMatchObject({ errorCode });
  });

  it('takes dates with and without a time', async () => {
    const data = { a_d: '2024-02-29', b_d: '2024-02-29 12:00:00', c_d: '2024-02-29T12:00:00.123+3', d_d: '2024-02-29T12:00:00Z' };
    expect(await store(data)).toMatchObject({ errorCode: 0, oid: 'v1' });
  });

  it('wants a type, an id and an object', async () => {
    for (const params of [{ type: '' }, { oid: '' }, { data: '' }]) {
      const { errorCode, errorDetails } = await store({ n_i: 1 }, params as unknown as Record<string, string>);
      expect([errorCode, errorDetails]).toEqual([400002, expect.stringContaining(Object.keys(params)[0] ?? '')]);
    }
    expect(await store([] as unknown as object)).toMatchObject({ errorCode: 400006 });
  });
});

describe('an object', () => {
  it('is read whole or in part, loses fields, and is deleted', async () => {
    await store({ a_s: 'x', deep: { b_i: 1, c_i: 2 } });
    expect((await get({ fields: 'deep.b_i' })).data).toEqual({ deep: { b_i: 1 } });
    await signedCall(server.site, 'ds.delete', { type: 'visit', oid: 'v1', fields: 'deep.b_i,missing' });
    expect((await get()).data).toEqual({ a_s: 'x', deep: { c_i: 2 } });
    expect(await signedCall(server.site, 'ds.delete', { type: 'visit', oid: 'v1' })).toMatchObject({ errorCode: 0 });
    expect(await get()).toMatchObject({ errorCode: 404000 });
    expect(await signedCall(server.site, 'ds.delete', { type: 'visit', oid: 'v1' })).toMatchObject({ errorCode: 404000 });
  });

  it('is found by ds.search with both forms of its times, page by page', async () => {
    for (let i = 0; i < 5; i++) await store({ n_i: i }, { oid: `o${i}` });
    const search = (params: Record<string, string>) => signedCall(server.site, 'ds.search', params);
    const first = await search({ query: 'SELECT * FROM visit WHERE data.n_i > 0 LIMIT 3', openCursor: 'true' });
    expect(first).toMatchObject({ objectsCount: 3, totalCount: 4 });
    expect((first.results as object[])[0]).toEqual({
      oid: 'o1',
      type: 'visit',
      data: { n_i: 1 },
      created: expect.any(Number),
      createdTime: expect.stringContaining('T'),
      lastUpdated: expect.any(Number),
      lastUpdatedTime: expect.stringContaining('T'),
    });
    const second = await search({ cursorId: String(first.nextCursorId) });
    expect(second).toMatchObject({ objectsCount: 1 });
    expect(second.nextCursorId).toBeUndefined();
    expect(await search({ query: 'SELECT oid FROM nothingOfThatType' })).toMatchObject({ totalCount: 0 });
    expect(await signedCall(server.site, 'accounts.search', { cursorId: String(first.nextCursorId) })).toMatchObject({ errorCode: 400006 });
  });

  it('of the seed is there, changed or not, after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'objects-'));
    try {
      const dataFile = join(folder, 'gigya.ndjson');
      await server.stop();
      server = await startGigya({ accounts: 50, dataFile });
      await signedCall(server.site, 'ds.store', { type: 'shop', oid: 'shop-1', data: '{"name_s":"Renamed"}' });
      await signedCall(server.site, 'ds.delete', { type: 'shop', oid: 'shop-2' });
      await server.stop();
      server = await startGigya({ accounts: 50, dataFile });
      const { results } = await signedCall(server.site, 'ds.search', { query: 'SELECT oid, data.name_s FROM shop' });
      expect(results).toContainEqual({ oid: 'shop-1', data: { name_s: 'Renamed' } });
      expect((results as { oid: string }[]).map(({ oid }) => oid)).not.toContain('shop-2');
      expect((await signedCall(server.site, 'ds.search', { query: 'SELECT oid FROM order WHERE UID IS NOT NULL' })).totalCount).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
