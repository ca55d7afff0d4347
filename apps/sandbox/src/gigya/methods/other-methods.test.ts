import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';

const secret = Buffer.from('an application').toString('base64');
let server: GigyaServer;
beforeEach(async () => {
  server = await startGigya({ accounts: 30, users: [{ userKey: 'AnApplication', secret, isApplication: true }] });
});
afterEach(() => server.stop());

const search = async (method: string, query: string) => {
  const answer = await signedCall(server.site, method, { query });
  return { ...answer, results: (answer.results ?? []) as JsonObject[] } as JsonObject & { results: JsonObject[] };
};
const someUid = async () => String((await search('accounts.search', 'SELECT UID FROM accounts LIMIT 1')).results[0]?.UID);

describe('audit.search', () => {
  it('finds a year of events, deletions among them, in the platform’s shape', async () => {
    const { results } = await search('audit.search', 'SELECT * FROM auditLog WHERE endpoint = "accounts.deleteAccount" AND errCode = "0"');
    expect(results.length).toBeGreaterThan(10);
    expect(results[0]).toMatchObject({ '@timestamp': expect.stringContaining('T'), errCode: '0', uid: expect.any(String), httpReq: {} });
    const since = String(results.at(-1)?.['@timestamp']);
    expect((await search('audit.search', `SELECT * FROM auditLog WHERE @timestamp > "${since}"`)).totalCount).toBeLessThan(2000);
  });

  it('tells calls as they are made, without secrets, and not those of an application', async () => {
    const UID = await someUid();
    await signedCall(server.site, 'accounts.setAccountInfo', { UID, newPassword: 'hidden' });
    await signedCall({ ...server.site, userKey: 'AnApplication', secret }, 'accounts.deleteAccount', { UID: 'nobody' });
    await signedCall(server.site, 'accounts.deleteAccount', { UID });
    const { results } = await search('audit.search', 'SELECT * FROM auditLog WHERE sourceIP = "127.0.0.1"');
    expect(results.map(({ endpoint, errCode, uid }) => [endpoint, errCode, uid])).toEqual([
      ['accounts.setAccountInfo', '400096', UID],
      ['accounts.deleteAccount', '0', UID],
    ]);
    expect(JSON.stringify(results)).not.toMatch(/hidden|"sig"/);
  });

  it('selects everything or nothing, from the audit log only', async () => {
    expect(await search('audit.search', 'SELECT uid FROM auditLog')).toMatchObject({ errorCode: 400006 });
    expect(await search('audit.search', 'SELECT * FROM accounts')).toMatchObject({ errorCode: 400006 });
  });
});

describe('comments.search', () => {
  it('finds streams of a category, and their comments', async () => {
    const { results } = await search('comments.search', 'SELECT * FROM streams WHERE categoryID = "comments" LIMIT 300');
    expect(results.length).toBe(30);
    const stream = results.find(({ commentCount }) => Number(commentCount) > 3);
    const comments = await search('comments.search', `SELECT * FROM comments WHERE streamID = "${stream?.streamID}"`);
    expect(comments.totalCount).toBe(stream?.commentCount);
    expect(comments.results.at(-1)).toMatchObject({ categoryID: 'comments', timestamp: stream?.lastCommentTimestamp });
    expect(await search('comments.search', 'SELECT * FROM votes')).toMatchObject({ errorCode: 400006 });
  });
});

describe('gm.getChallengeStatus', () => {
  const status = (params: Record<string, string>) => signedCall(server.site, 'gm.getChallengeStatus', params);
  const ids = ({ achievements }: JsonObject) => (achievements as JsonObject[]).map(({ challengeID }) => challengeID);

  it('gives the same achievements each time, for the challenges asked for', async () => {
    const UID = await someUid();
    const all = await status({ UID });
    expect(ids(all)).toEqual(['_default', 'explorer', 'reviewer']);
    expect((await status({ UID })).achievements).toEqual(all.achievements);
    expect(ids(await status({ UID, includeChallenges: 'explorer,reviewer', excludeChallenges: 'reviewer' }))).toEqual(['explorer']);
    expect((await status({ UID, details: 'full' })).achievements).toContainEqual(
      expect.objectContaining({ pointsToNextLevel: expect.any(Number) }),
    );
  });

  it('refuses unknown challenges and accounts', async () => {
    expect(await status({ UID: await someUid(), includeChallenges: 'climber' })).toMatchObject({ errorCode: 400006 });
    expect(await status({ UID: 'nobody' })).toMatchObject({ errorCode: 404003 });
    expect(await status({})).toMatchObject({ errorCode: 400002 });
  });
});

describe('social identities of an import', () => {
  const importWith = (UID: string, params: Record<string, string> = {}) =>
    signedCall(server.site, 'accounts.importFullAccount', { UID, identities: '[{"provider":"facebook","providerUID":"f 1"}]', ...params });

  it('that another account has refuse it, or are taken over and told', async () => {
    expect(await importWith('a')).toMatchObject({ errorCode: 0 });
    expect(await importWith('a', { importPolicy: 'upsert' })).toMatchObject({ errorCode: 0 });
    expect(await importWith('b')).toMatchObject({ errorCode: 409001 });
    expect(server.accountOf('b')).toBeUndefined();
    expect(await importWith('b', { handleIdentityConflicts: 'connect' })).toMatchObject({
      errorCode: 0,
      identityConflicts: [{ provider: 'facebook', providerUID: 'f 1' }],
    });
    expect([server.accountOf('a')?.identities, server.accountOf('b')?.identities]).toEqual([
      [],
      [{ provider: 'facebook', providerUID: 'f 1' }],
    ]);
    expect(await importWith('c', { handleIdentityConflicts: 'guess' })).toMatchObject({ errorCode: 400006 });
  });
});
