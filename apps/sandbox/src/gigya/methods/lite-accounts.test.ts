import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';

let server: GigyaServer;
beforeEach(async () => {
  server = await startGigya({ accounts: 30 });
});
afterEach(() => server.stop());

const importLite = (params: Record<string, string>) => signedCall(server.site, 'accounts.importLiteAccount', params);
const emailAccounts = async (where: string) => {
  const query = `SELECT email, UID, token, hasLiteAccount, hasFullAccount, profile, subscriptions FROM emailAccounts WHERE ${where}`;
  return (await signedCall(server.site, 'accounts.search', { query })).results as JsonObject[];
};

it('creates a lite account, merges into it and shows it in emailAccounts with its subscriptions', async () => {
  const { UID } = await importLite({ email: 'lite@example.com', profile: '{"firstName":"Lea"}' });
  expect(await importLite({ email: 'LITE@example.com', subscriptions: '{"news":{"email":{"isSubscribed":true}}}' })).toMatchObject({ UID });
  for (const where of ['email CONTAINS "lite@EXAMPLE.com"', `UID = "${UID}"`, 'profile.firstName = "Lea"']) {
    expect(await emailAccounts(where)).toMatchObject([
      {
        UID,
        hasLiteAccount: true,
        hasFullAccount: false,
        profile: { firstName: 'Lea' },
        subscriptions: { news: { email: { isSubscribed: true } } },
      },
    ]);
  }
  expect(await signedCall(server.site, 'accounts.search', { query: `SELECT UID FROM accounts WHERE UID = "${UID}"` })).toMatchObject({
    totalCount: 0,
  });
});

it('is one record with the full account of the same address', async () => {
  const [full] = await emailAccounts('hasFullAccount = true');
  await importLite({ email: String(full?.email), data: '{"from":"lite"}' });
  expect(await emailAccounts(`email = "${full?.email}"`)).toMatchObject([{ UID: full?.UID, hasLiteAccount: true, hasFullAccount: true }]);
});

it('is deleted by its token', async () => {
  await importLite({ email: 'lite@example.com' });
  const [account] = await emailAccounts('email = "lite@example.com"');
  const remove = () => signedCall(server.site, 'accounts.deleteLiteAccount', { emailAccountToken: String(account?.token) });
  expect(await remove()).toMatchObject({ errorCode: 0 });
  expect(await emailAccounts('email = "lite@example.com"')).toEqual([]);
  expect(await remove()).toMatchObject({ errorCode: 404000 });
});

it.each([
  [{}, 400002],
  [{ email: 'no address' }, 400006],
  [{ email: 'a@b.example', profile: '{"birthYear":"old"}' }, 400009],
])('refuses %j', async (params, errorCode) => {
  expect(await importLite(params as Record<string, string>)).toMatchObject({ errorCode });
});
