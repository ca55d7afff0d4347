import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import type { Account } from '../../population/account.ts';
import { signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';

let server: GigyaServer;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z');
  server = await startGigya({ accounts: 50, clock: () => now });
});
afterEach(() => server.stop());

function call(method: string, params: Record<string, string | object | boolean>): Promise<JsonObject> {
  const texts = Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  return signedCall(server.site, `accounts.${method}`, { timestamp: String(now), ...Object.fromEntries(texts) });
}

async function verifiedAccount(place = 0): Promise<Account> {
  const query = `SELECT UID FROM accounts WHERE profile.email IS NOT NULL AND isVerified = true START ${place} LIMIT 1`;
  const [found] = (await call('search', { query })).results as JsonObject[];
  return account(String(found?.UID));
}

function account(uid: string): Account {
  const found = server.accountOf(uid);
  if (!found) throw new Error(`No account ${uid}`);
  return found;
}

describe('getAccountInfo', () => {
  it('gives profile and data unless include says otherwise', async () => {
    const one = await verifiedAccount();
    const plain = await call('getAccountInfo', { UID: one.UID });
    expect(plain).toMatchObject({ UID: one.UID, created: one.created, profile: one.profile, data: one.data });
    for (const field of ['subscriptions', 'loginIDs', 'emails', 'preferences', 'password']) expect(plain).not.toHaveProperty(field);
    const chosen = await call('getAccountInfo', { UID: one.UID, include: 'loginIDs,subscriptions,emails' });
    expect(chosen).toMatchObject({ loginIDs: one.loginIDs, subscriptions: one.subscriptions, emails: one.emails });
    expect(chosen).not.toHaveProperty('profile');
  });

  it('refuses unknown accounts, unknown includes and a missing UID', async () => {
    expect(await call('getAccountInfo', { UID: 'none' })).toMatchObject({ errorCode: 404003 });
    expect(await call('getAccountInfo', { UID: 'none', include: 'profile,secrets' })).toMatchObject({ errorCode: 400006 });
    expect(await call('getAccountInfo', {})).toMatchObject({ errorCode: 400002 });
    expect(await call('getAccountInfo', { regToken: 'x' })).toMatchObject({ errorCode: 400096 });
  });
});

describe('setAccountInfo', () => {
  it('merges what is sent, removes what is null and notes the time', async () => {
    const one = await verifiedAccount();
    const { UID: uid } = one;
    now += 5000;
    expect(
      await call('setAccountInfo', {
        UID: uid,
        data: { loyalty: { points: 7 }, crmId: null, extra: { a: [1] } },
        profile: { nickname: 'Nick' },
      }),
    ).toMatchObject({
      errorCode: 0,
      UID: uid,
    });
    const changed = account(uid);
    const { crmId: _gone, ...data } = one.data as JsonObject;
    expect(changed.data).toEqual({ ...data, loyalty: { ...(data.loyalty as JsonObject), points: 7 }, extra: { a: [1] } });
    expect(changed.profile).toEqual({ ...(one.profile as JsonObject), nickname: 'Nick' });
    expect(changed).toMatchObject({ lastUpdated: new Date(now).toISOString(), lastUpdatedTimestamp: now, created: one.created });
    expect((await call('search', { query: `SELECT UID FROM accounts WHERE data.loyalty.points = 7 AND UID = "${uid}"` })).totalCount).toBe(
      1,
    );
  });

  it('answers 400009 with every wrong field and changes nothing', async () => {
    const one = await verifiedAccount();
    const params = {
      UID: one.UID,
      profile: { birthYear: '1990', email: 'no address', firstName: 'Ok' },
      data: { newsletter: 'yes', loyalty: 5, interests: 'a' },
      subscriptions: { news: { email: { isSubscribed: 'true' } } },
    };
    const answer = await call('setAccountInfo', params);
    expect(answer).toMatchObject({ errorCode: 400009, errorMessage: 'Validation error' });
    expect((answer.validationErrors as JsonObject[]).map(({ fieldName }) => fieldName)).toEqual([
      'profile.birthYear',
      'profile.email',
      'data.newsletter',
      'data.loyalty',
      'data.interests',
      'subscriptions.news.email.isSubscribed',
    ]);
    expect(account(one.UID)).toEqual(one);
  });

  it('answers 400024 for unknown fields when the schema is closed', async () => {
    const closed = await startGigya({ accounts: 1, dynamicSchema: false, clock: () => now });
    const found = await signedCall(closed.site, 'accounts.search', { query: 'SELECT UID FROM accounts', timestamp: String(now) });
    const UID = String((found.results as JsonObject[])[0]?.UID);
    const set = (data: string) => signedCall(closed.site, 'accounts.setAccountInfo', { UID, data, timestamp: String(now) });
    expect(await set('{"brandNew":1}')).toMatchObject({ errorCode: 400024, errorDetails: expect.stringContaining('data.brandNew') });
    expect(await set('{"remark":"known"}')).toMatchObject({ errorCode: 0 });
    await closed.stop();
  });

  it('keeps login ids unique', async () => {
    const one = await verifiedAccount();
    const two = await verifiedAccount(1);
    const taken = String((two.profile as JsonObject).email);
    expect(await call('setAccountInfo', { UID: one.UID, addLoginEmails: taken.toUpperCase() })).toMatchObject({ errorCode: 403043 });
    expect(await call('setAccountInfo', { UID: one.UID, addLoginEmails: 'fresh@example.com', username: 'fresh' })).toMatchObject({
      errorCode: 0,
    });
    expect(account(one.UID).loginIDs).toMatchObject({ username: 'fresh', unverifiedEmails: ['fresh@example.com'] });
    expect(await call('setAccountInfo', { UID: two.UID, username: 'Fresh' })).toMatchObject({ errorCode: 403043 });
    expect(await call('setAccountInfo', { UID: two.UID, removeLoginEmails: taken, username: 'second' })).toMatchObject({
      errorCode: 0,
    });
    expect(await call('setAccountInfo', { UID: one.UID, addLoginEmails: taken })).toMatchObject({ errorCode: 0 });
    expect(await call('setAccountInfo', { UID: one.UID, removeLoginEmails: 'never@example.com' })).toMatchObject({
      errorCode: 403047,
    });
  });

  it.each([
    ['an unknown UID', { UID: 'none' }, 404003],
    ['data that is no JSON', { data: '{' }, 400006],
    ['a profile that is no object', { profile: '[1]' }, 400006],
    ['a phone number in another format', { phoneNumber: '030 123' }, 400006],
    ['a verification taken back', { isVerified: 'false' }, 400030],
    ['a password', { newPassword: 'x' }, 400096],
  ])('refuses %s', async (_what, params, errorCode) => {
    const one = await verifiedAccount();
    expect(await call('setAccountInfo', { UID: one.UID, ...params })).toMatchObject({ errorCode });
  });

  it('sets regSource once only', async () => {
    await call('importFullAccount', { UID: 'import', profile: {} });
    await call('setAccountInfo', { UID: 'import', regSource: 'first', isActive: 'false', lang: 'de', phoneNumber: '+4930123456' });
    await call('setAccountInfo', { UID: 'import', regSource: 'second' });
    expect(account('import')).toMatchObject({ regSource: 'first', isActive: false, lang: 'de', phoneNumber: '+4930123456' });
  });

  it('keeps a field named __proto__ an ordinary field', async () => {
    const one = await verifiedAccount();
    await call('setAccountInfo', { UID: one.UID, data: '{"__proto__":{"polluted":true}}' });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.hasOwn(account(one.UID).data as object, '__proto__')).toBe(true);
  });
});

describe('importFullAccount', () => {
  const whole = {
    UID: 'crm-1',
    loginIDs: { username: 'crm1', emails: ['crm1@example.com'], unverifiedEmails: [] },
    emails: { verified: ['crm1@example.com'], unverified: [] },
    profile: { email: 'crm1@example.com', firstName: 'Crm' },
    data: { crmId: '1', loyalty: { tier: 'gold', points: 1 } },
    subscriptions: { newsletter: { email: { isSubscribed: true, tags: ['a'] } } },
    created: '2019-05-06T07:08:09.000Z',
    lastLogin: '1600000000000',
    isRegistered: true,
    isVerified: true,
    regSource: 'crm',
  };

  it('creates an account as it is sent', async () => {
    expect(await call('importFullAccount', whole)).toMatchObject({ errorCode: 0, UID: 'crm-1' });
    const { created, lastLogin, ...rest } = whole;
    expect(account('crm-1')).toEqual({
      ...rest,
      isActive: true,
      isLockedOut: false,
      loginProvider: 'site',
      created,
      createdTimestamp: Date.parse(created),
      lastLogin: new Date(Number(lastLogin)).toISOString(),
      lastLoginTimestamp: Number(lastLogin),
      lastUpdated: new Date(now).toISOString(),
      lastUpdatedTimestamp: now,
    });
    expect(server.accountCount()).toBe(51);
  });

  it('refuses an account that exists unless it may replace it', async () => {
    await call('importFullAccount', whole);
    expect(await call('importFullAccount', whole)).toMatchObject({ errorCode: 400003 });
    expect(await call('importFullAccount', { UID: 'crm-1', importPolicy: 'UPSERT', data: { crmId: '2' } })).toMatchObject({ errorCode: 0 });
    expect(account('crm-1')).toMatchObject({ data: { crmId: '2' }, profile: whole.profile, created: whole.created });
    expect(account('crm-1').data).not.toHaveProperty('loyalty');
    expect(server.accountCount()).toBe(51);
  });

  it('makes a UID when asked to', async () => {
    const { UID } = await call('importFullAccount', { createUID: 'true', profile: { firstName: 'New' } });
    expect(UID).toMatch(/^[0-9a-f]{32}$/);
    expect(account(String(UID)).profile).toEqual({ firstName: 'New' });
    expect(await call('importFullAccount', { profile: {} })).toMatchObject({ errorCode: 400002 });
  });

  it('refuses a login id of another account, generated or imported', async () => {
    const one = await verifiedAccount();
    const taken = (one.loginIDs as { emails: string[] }).emails;
    expect(await call('importFullAccount', { UID: 'x', loginIDs: { emails: taken } })).toMatchObject({ errorCode: 400003 });
    await call('importFullAccount', whole);
    expect(await call('importFullAccount', { UID: 'x', loginIDs: { username: 'CRM1' } })).toMatchObject({ errorCode: 400003 });
    await call('deleteAccount', { UID: 'crm-1' });
    expect(await call('importFullAccount', { UID: 'x', loginIDs: { username: 'CRM1' } })).toMatchObject({ errorCode: 0 });
  });

  it('names the first properties it ignores', async () => {
    const answer = await call('importFullAccount', { UID: 'x', shoeSize: '42', data: {} });
    expect(answer).toMatchObject({ errorCode: 0, ignoredFields: ['shoeSize'] });
  });

  it('is busy at the sixth call for one UID within a minute', async () => {
    const codes = async (count: number) => {
      const answers = [];
      for (let time = 0; time < count; time++)
        answers.push((await call('importFullAccount', { UID: 'often', importPolicy: 'upsert' })).errorCode);
      return answers;
    };
    expect(await codes(6)).toEqual([0, 0, 0, 0, 0, 503001]);
    now += 61_000;
    expect(await codes(1)).toEqual([0]);
  });

  it.each([
    ['a policy it does not know', { importPolicy: 'replace' }, 400006],
    ['a date it cannot read', { created: 'last year' }, 400006],
    ['a value of the wrong type', { profile: { birthYear: 'x' } }, 400009],
    ['identities that are no list', { identities: {} }, 400006],
    ['a flag that is none', { isActive: 'maybe' }, 400006],
  ])('refuses %s', async (_what, params, errorCode) => {
    expect(await call('importFullAccount', { UID: 'x', ...params })).toMatchObject({ errorCode });
    expect(server.accountOf('x')).toBeUndefined();
  });
});

describe('deleteAccount', () => {
  it('removes an account from everywhere', async () => {
    const one = await verifiedAccount();
    const { UID } = one;
    expect(await call('deleteAccount', { UID })).toMatchObject({ errorCode: 0 });
    expect(await call('getAccountInfo', { UID })).toMatchObject({ errorCode: 404003 });
    expect(await call('deleteAccount', { UID })).toMatchObject({ errorCode: 404003 });
    expect(await call('search', { query: 'SELECT count(*) FROM accounts' })).toMatchObject({ results: [{ 'count(*)': 49 }] });
    expect(server.accountCount()).toBe(49);
  });

  it('lets the account come back', async () => {
    const one = await verifiedAccount();
    await call('deleteAccount', { UID: one.UID });
    await call('importFullAccount', { UID: one.UID, profile: { firstName: 'Again' } });
    const { results } = await call('search', { query: `SELECT profile FROM accounts WHERE UID = "${one.UID}"` });
    expect(results).toEqual([{ profile: { firstName: 'Again' } }]);
  });
});
