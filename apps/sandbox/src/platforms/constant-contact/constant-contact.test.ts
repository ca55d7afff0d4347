import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { constantContactStandIn, demoConstantContact } from './constant-contact.ts';

let server: PlatformsServer<'constant-contact'>;
beforeAll(async () => {
  server = await startPlatforms([constantContactStandIn({ callsPerSecond: 1000 })], { clock: () => Date.UTC(2024, 2, 1) });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['constant-contact'].reset());

const { listId, accessToken } = demoConstantContact;
const unknownId = '00000000-0000-4000-8000-000000000000';
const call = async (
  path: string,
  { body, token = accessToken, at = server }: { body?: unknown; token?: string; at?: typeof server } = {},
) => {
  const answer = await fetch(`${at.platforms['constant-contact'].url}/v3${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: JSON.parse(await answer.text()) };
};
const bringIn = (import_data: unknown, list_ids: unknown = [listId]) =>
  call('/activities/contacts_json_import', { body: { import_data, list_ids } });
const outcome = async ({ json }: { json: { activity_id: string } }) => {
  expect((await call(`/activities/${json.activity_id}`)).json.state).toBe('processing');
  return (await call(`/activities/${json.activity_id}`)).json;
};

describe('Constant Contact', () => {
  it('refuses a wrong token, an unknown list, an id that is none, and an unknown path', async () => {
    expect(await call(`/contact_lists/${listId}`, { token: 'wrong' })).toEqual({
      status: 401,
      json: { error_key: 'unauthorized', error_message: 'Unauthorized' },
    });
    expect(await call(`/contact_lists/${unknownId}`)).toMatchObject({ status: 404, json: [{ error_key: 'contacts.api.not_found' }] });
    expect((await call('/contact_lists/17')).status).toBe(400);
    expect((await call('/nothing')).status).toBe(404);
    expect((await call(`/contact_lists/${listId}`)).json).toMatchObject({ name: 'Newsletter', membership_count: 300 });
  });

  it('renews a token for the client with its refresh token only', async () => {
    const renew = async (form: Record<string, string>, authorization?: string) => {
      const url = `${server.platforms['constant-contact'].url}/oauth2/default/v1/token`;
      const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers: authorization ? { authorization } : {} });
      return { status: answer.status, json: JSON.parse(await answer.text()) };
    };
    const { apiKey: client_id, refreshToken: refresh_token, clientSecret } = demoConstantContact;
    const grant = { grant_type: 'refresh_token', refresh_token };
    const renewed = await renew({ ...grant, client_id });
    expect((await call(`/contact_lists/${listId}`, { token: renewed.json.access_token })).status).toBe(200);
    expect((await renew(grant, `Basic ${btoa(`${client_id}:${clientSecret}`)}`)).status).toBe(200);
    expect(await renew({ ...grant, client_id: 'other' })).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
    expect(await renew({ ...grant, client_id, refresh_token: 'old' })).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('hands out contacts of a list page by page, with what was asked for', async () => {
    const first = (await call(`/contacts?lists=${listId}&limit=200&include=custom_fields,list_memberships&include_count=true`)).json;
    expect(first.contacts).toHaveLength(200);
    expect(first.contacts_count).toBe(300);
    expect(first.contacts[0]).toMatchObject({ list_memberships: [listId], custom_fields: [{ value: expect.stringContaining('gigya-') }] });
    const second = (await call(first._links.next.href.replace('/v3', ''))).json;
    expect(second.contacts).toHaveLength(100);
    expect(second._links).toBeUndefined();
    expect((await call('/contacts')).json.contacts[0].custom_fields).toBeUndefined();
  });

  it('filters by time of change, address and status, and refuses what it cannot read', async () => {
    const recent = (await call(`/contacts?lists=${listId}&updated_after=2024-01-31T00:00:00Z&limit=500`)).json.contacts;
    expect(recent.length).toBeGreaterThan(2);
    expect(recent.length).toBeLessThan(100);
    const [one] = recent;
    expect((await call(`/contacts?email=${one.email_address.address.toUpperCase()}`)).json.contacts).toHaveLength(1);
    expect((await call('/contacts?status=unsubscribed&limit=500')).json.contacts).toHaveLength(15);
    for (const query of ['limit=501', 'limit=0', 'lists=1', 'status=gone', 'include=all', 'updated_after=now', 'cursor=nonsense'])
      expect((await call(`/contacts?${query}`)).status).toBe(400);
  });

  it('imports contacts in an activity that tells counts only', async () => {
    const [left] = (await call('/contacts?status=unsubscribed')).json.contacts;
    const begun = await bringIn([
      { email: 'new@example.com', first_name: 'Ann', 'cf:Custom_Field_1': 'u1' },
      { email: 'none' },
      { email: left.email_address.address, first_name: 'Back' },
    ]);
    expect(begun).toMatchObject({ status: 201, json: { state: 'initialized' } });
    expect(await outcome(begun)).toMatchObject({
      state: 'completed',
      status: { person_count: 3, correctable_count: 1, cannot_add_to_list_count: 1, error_count: 0 },
      activity_errors: ['Some contacts have an invalid email address.'],
    });
    const [added] = (await call('/contacts?email=new@example.com&include=custom_fields,list_memberships')).json.contacts;
    expect(added).toMatchObject({ first_name: 'Ann', list_memberships: [listId], email_address: { permission_to_send: 'implicit' } });
    expect(server.platforms['constant-contact'].state()).toMatchObject({ contacts: 331, members: 301, unsubscribed: 15 });
  });

  it('refuses an import as a whole that is not of the schema', async () => {
    const before = server.platforms['constant-contact'].state();
    const email = 'a@example.com';
    const wrong = [
      [{ email, nonsense: 'x' }],
      [{ email, first_name: 5 }],
      [{ email, first_name: 'x'.repeat(51) }],
      [{ email, 'cf:Unknown': 'x' }],
      [{ email, birthday_month: 'May' }],
      ['x'],
      'x',
      Array.from({ length: 40_001 }, () => ({ email })),
    ];
    for (const rows of wrong) expect((await bringIn(rows)).status).toBe(400);
    for (const ids of [[], 'x', ['1'], [unknownId]]) expect((await bringIn([{ email }], ids)).status).toBe(400);
    expect(server.platforms['constant-contact'].state()).toEqual(before);
  });

  it('takes contacts off a list', async () => {
    const contacts = (await call(`/contacts?lists=${listId}&limit=2`)).json.contacts;
    const contact_ids = contacts.map(({ contact_id }: { contact_id: string }) => contact_id);
    const remove = (source: unknown) => call('/activities/remove_list_memberships', { body: { source, list_ids: [listId] } });
    expect(await outcome(await remove({ contact_ids }))).toMatchObject({ state: 'completed', status: { items_completed_count: 2 } });
    expect(server.platforms['constant-contact'].state()).toMatchObject({ contacts: 330, members: 298 });
    for (const source of [{}, { contact_ids: ['1'] }, { contact_ids: Array(501).fill(unknownId) }])
      expect((await remove(source)).status).toBe(400);
    expect((await call(`/activities/${unknownId}`)).status).toBe(404);
  });

  it('answers 429 beyond four calls a second, and otherwise beyond the calls of a day', async () => {
    const ask = (at: typeof server) => call(`/contact_lists/${listId}`, { at });
    const slow = await startPlatforms([constantContactStandIn()], { clock: () => 0 });
    const answers = [await ask(slow), await ask(slow), await ask(slow), await ask(slow), await ask(slow)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect(answers[4]?.json.error_key).toBe('throttled');
    await slow.stop();
    const small = await startPlatforms([constantContactStandIn({ callsPerDay: 1 })]);
    await ask(small);
    expect((await ask(small)).json.error_key).toBe('quota_exceeded');
    await small.stop();
  });
});
