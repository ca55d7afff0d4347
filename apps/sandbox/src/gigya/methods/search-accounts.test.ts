import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';

let server: GigyaServer;
let now = Date.now();

beforeEach(async () => {
  now = Date.now();
  server = await startGigya({ accounts: 2500, clock: () => now });
});
afterEach(() => server.stop());

const search = (query: string, params: Record<string, string> = {}) =>
  signedCall(server.site, 'accounts.search', { query, timestamp: String(now), ...params });
const next = (cursorId: unknown) => signedCall(server.site, 'accounts.search', { cursorId: String(cursorId), timestamp: String(now) });
const rows = (answer: JsonObject) => answer.results as JsonObject[];
const uids = (answer: JsonObject) => rows(answer).map(({ UID }) => UID);

describe('results', () => {
  it('show whole accounts without password and subscriptions', async () => {
    await signedCall(server.site, 'accounts.importFullAccount', {
      UID: 'mine',
      timestamp: String(now),
      subscriptions: '{"newsletter":{"email":{"isSubscribed":true}}}',
      password: '{"compoundHashedPassword":"x"}',
    });
    const [account] = rows(await search('SELECT * FROM accounts WHERE UID = "mine"'));
    expect(Object.keys(account ?? {})).not.toEqual(expect.arrayContaining(['password']));
    expect(Object.keys(account ?? {})).not.toEqual(expect.arrayContaining(['subscriptions']));
    expect(rows(await search('SELECT subscriptions, password, UID FROM accounts WHERE UID = "mine"'))).toEqual([{ UID: 'mine' }]);
  });

  it('are in the order asked for, page by page', async () => {
    const query = (start: number) =>
      `SELECT UID, lastUpdatedTimestamp FROM accounts ORDER BY lastUpdatedTimestamp DESC START ${start} LIMIT 50`;
    const first = rows(await search(query(0)));
    const second = rows(await search(query(50)));
    const times = [...first, ...second].map(({ lastUpdatedTimestamp }) => Number(lastUpdatedTimestamp));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(new Set([...first, ...second].map(({ UID }) => UID)).size).toBe(100);
  });

  it('count and sum', async () => {
    const all = rows(await search('SELECT profile.age FROM accounts WHERE profile.age >= 40 LIMIT 5000')).map(
      ({ profile }) => (profile as { age: number }).age,
    );
    const [row] = rows(
      await search('SELECT count(*), sum(profile.age) AS years, min(profile.age), max(profile.age) FROM accounts WHERE profile.age >= 40'),
    );
    expect(row).toEqual({
      'count(*)': all.length,
      years: all.reduce((sum, age) => sum + age, 0),
      'min(profile.age)': Math.min(...all),
      'max(profile.age)': Math.max(...all),
    });
  });

  it('of emailAccounts carry subscriptions and a token', async () => {
    const [row] = rows(await search('SELECT * FROM emailAccounts LIMIT 1'));
    expect(row).toMatchObject({
      email: expect.stringContaining('@example.'),
      token: expect.stringMatching(/^[0-9a-f]{40}$/),
      hasFullAccount: true,
      hasLiteAccount: false,
      subscriptions: { newsletter: { email: { isSubscribed: expect.any(Boolean) } } },
    });
    const email = String(row?.email);
    expect(rows(await search(`SELECT UID FROM emailAccounts WHERE profile.email = "${email}"`))).toEqual([{ UID: row?.UID }]);
  });

  it('of lite accounts alone are none', async () => {
    expect(await search('SELECT * FROM accounts', { accountTypes: 'lite' })).toMatchObject({ results: [], totalCount: 0 });
    expect(await search('SELECT * FROM accounts', { accountTypes: 'other' })).toMatchObject({ errorCode: 400006 });
  });
});

describe('a search for certain UIDs or addresses', () => {
  it('finds the same accounts as one that has to look at all', async () => {
    const [one, two, three] = rows(await search('SELECT UID, profile.email FROM accounts WHERE profile.email IS NOT NULL LIMIT 3'));
    const email = (row: JsonObject | undefined) => (row?.profile as { email: string } | undefined)?.email;
    await signedCall(server.site, 'accounts.setAccountInfo', {
      UID: String(two?.UID),
      timestamp: String(now),
      profile: JSON.stringify({ email: 'moved@example.com' }),
    });
    const found = async (where: string) => uids(await search(`SELECT UID FROM accounts WHERE ${where}`));
    expect(await found(`UID = "${one?.UID}"`)).toEqual([one?.UID]);
    expect(await found(`UID IN ("${three?.UID}", "none", "${one?.UID}", "${one?.UID}")`)).toEqual([one?.UID, three?.UID]);
    expect(await found(`UID = "${one?.UID}" AND profile.email = "${email(three)}"`)).toEqual([]);
    expect(await found(`UID = "${one?.UID}" OR profile.email = "${email(three)}"`)).toEqual([one?.UID, three?.UID]);
    expect(await found(`profile.email = "${email(two)}"`)).toEqual([]);
    expect(await found('profile.email = "moved@example.com"')).toEqual([two?.UID]);
    expect(await found(`NOT UID = "${one?.UID}"`)).not.toContain(one?.UID);
    expect((await search(`SELECT UID FROM accounts WHERE UID = "${one?.UID}" OR profile.city = "Berlin"`)).totalCount).toBeGreaterThan(10);
  });
});

describe('limits', () => {
  it('give 300 results when none is asked for', async () => {
    expect(await search('SELECT UID FROM accounts')).toMatchObject({ objectsCount: 300, totalCount: 2500 });
  });

  it('reach 5000 accounts without a cursor', async () => {
    const large = await startGigya({ accounts: 6000 });
    const answer = await signedCall(large.site, 'accounts.search', { query: 'SELECT UID FROM accounts START 4900 LIMIT 300' });
    expect(answer).toMatchObject({ objectsCount: 100, totalCount: 6000 });
    await large.stop();
  });

  it.each([
    ['SELECT UID FROM accounts LIMIT 10001', {}, 'LIMIT may be at most 10000'],
    ['SELECT UID FROM accounts START 5001', {}, 'START may be at most 5000'],
    ['SELECT UID FROM accounts LIMIT 1001', { openCursor: 'true' }, 'LIMIT may be at most 1000 with a cursor'],
    ['SELECT UID FROM accounts START 1', { openCursor: 'true' }, 'START cannot be used with a cursor'],
    ['SELECT UID FROM accounts', { timeout: '60001' }, 'timeout must be from 1 to 60000'],
    ['SELECT UID FROM accounts', { openCursor: 'yes' }, 'openCursor must be true or false'],
    ['SELECT UID FROM accounts', { cursorId: 'x' }, 'query and cursorId cannot be sent together'],
    ['SELECT UID FROM accounts ORDER BY profile.email', {}, 'ORDER BY cannot be used on the encrypted field'],
  ])('refuse %s', async (query, params, reason) => {
    expect(await search(query, params)).toMatchObject({ errorCode: 400006, errorDetails: expect.stringContaining(reason) });
  });
});

describe('a cursor', () => {
  it('goes through every account once and then ends', async () => {
    let answer = await search('SELECT UID FROM accounts LIMIT 1000', { openCursor: 'true' });
    const seen = uids(answer);
    const sizes = [answer.objectsCount];
    while (answer.nextCursorId !== undefined) {
      answer = await next(answer.nextCursorId);
      seen.push(...uids(answer));
      sizes.push(answer.objectsCount);
      expect(answer.totalCount).toBe(2500);
    }
    expect(sizes).toEqual([1000, 1000, 500]);
    expect(new Set(seen).size).toBe(2500);
  });

  it('gives the same batch again when sent again', async () => {
    const { nextCursorId } = await search('SELECT UID FROM accounts LIMIT 10', { openCursor: 'true' });
    const once = await next(nextCursorId);
    expect(uids(await next(nextCursorId))).toEqual(uids(once));
    expect((await next(nextCursorId)).nextCursorId).toBe(once.nextCursorId);
  });

  it('does not end on an empty batch', async () => {
    expect(await search('SELECT UID FROM accounts WHERE UID = "none" LIMIT 10', { openCursor: 'true' })).not.toHaveProperty('nextCursorId');
    expect((await search('SELECT UID FROM accounts LIMIT 500', { openCursor: 'true' })).nextCursorId).toBeDefined();
  });

  it('expires five minutes after its last use', async () => {
    const { nextCursorId } = await search('SELECT UID FROM accounts LIMIT 10', { openCursor: 'true' });
    now += 299_000;
    expect(await next(nextCursorId)).toMatchObject({ errorCode: 0 });
    now += 299_000;
    expect(await next(nextCursorId)).toMatchObject({ errorCode: 0 });
    now += 301_000;
    expect(await next(nextCursorId)).toMatchObject({ errorCode: 400006, errorDetails: expect.stringContaining('cursorId') });
  });

  it('is not disturbed by accounts that come and go', async () => {
    const first = await search('SELECT UID FROM accounts LIMIT 1000', { openCursor: 'true' });
    const later = uids(await search('SELECT UID FROM accounts START 1500 LIMIT 1'))[0];
    await signedCall(server.site, 'accounts.deleteAccount', { UID: String(later), timestamp: String(now) });
    await signedCall(server.site, 'accounts.importFullAccount', { UID: 'new', timestamp: String(now) });
    const second = await next(first.nextCursorId);
    expect(second).toMatchObject({ objectsCount: 999, totalCount: 2500 });
    expect((await next(second.nextCursorId)).objectsCount).toBe(500);
  });
});

it('shows writes only after the index delay', async () => {
  const slow = await startGigya({ accounts: 3, indexDelayMs: 1000, clock: () => now });
  const call = (method: string, params: Record<string, string>) => signedCall(slow.site, method, { ...params, timestamp: String(now) });
  const count = async () => (await call('accounts.search', { query: 'SELECT count(*) FROM accounts' })).results;
  await call('accounts.importFullAccount', { UID: 'new' });
  expect(await count()).toEqual([{ 'count(*)': 3 }]);
  expect(slow.accountOf('new')).toBeDefined();
  now += 999;
  expect(await count()).toEqual([{ 'count(*)': 3 }]);
  now += 1;
  expect(await count()).toEqual([{ 'count(*)': 4 }]);
  await slow.stop();
});
