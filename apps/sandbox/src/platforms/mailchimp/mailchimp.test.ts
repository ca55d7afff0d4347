import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { demoMailchimp, mailchimp, mailchimpStandIn } from './mailchimp.ts';

let server: PlatformsServer<'mailchimp'>;
beforeAll(async () => {
  server = await startPlatforms([mailchimp], { clock: () => Date.UTC(2024, 2, 1) });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.mailchimp.reset());

const basic = (key: string) => `Basic ${Buffer.from(`anystring:${key}`).toString('base64')}`;
const call = async (path: string, { body, key = demoMailchimp.apiKey }: { body?: unknown; key?: string } = {}) => {
  const answer = await fetch(`${server.platforms.mailchimp.url}/3.0${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: basic(key), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), json: JSON.parse(await answer.text()) };
};
const list = `/lists/${demoMailchimp.listId}`;
const member = (n: number, more: object = {}) => ({ email_address: `new${n}@example.com`, status: 'subscribed', ...more });

describe('Mailchimp', () => {
  it('refuses a wrong key, an unknown list and an unknown path with problem documents', async () => {
    expect(await call('/ping', { key: 'wrong-us6' })).toMatchObject({
      status: 401,
      type: 'application/problem+json; charset=utf-8',
      json: { title: 'API Key Invalid', status: 401 },
    });
    expect(await call('/lists/none/members')).toMatchObject({ status: 404, json: { title: 'Resource Not Found' } });
    expect(await call('/nothing')).toMatchObject({ status: 404 });
    expect(await call('/ping')).toMatchObject({ status: 200 });
  });

  it('pages members by count and offset, ten when not told, a thousand at most', async () => {
    expect((await call(`${list}/members`)).json.members).toHaveLength(10);
    const all = (await call(`${list}/members?count=1000`)).json;
    expect([all.members.length, all.total_items]).toEqual([250, 250]);
    const page = (await call(`${list}/members?count=50&offset=225&exclude_fields=_links,members._links`)).json;
    expect(page.members.map(({ id }: { id: string }) => id)).toEqual(all.members.slice(225).map(({ id }: { id: string }) => id));
    expect([page._links, page.members[0]._links]).toEqual([undefined, undefined]);
    expect(await call(`${list}/members?count=1001`)).toMatchObject({ status: 400, json: { errors: [{ field: 'count' }] } });
  });

  it('filters by status and time of change, and sorts', async () => {
    const cleaned = (await call(`${list}/members?count=1000&status=cleaned`)).json.members;
    expect(cleaned).toHaveLength(10);
    expect(new Set(cleaned.map(({ status }: { status: string }) => status))).toEqual(new Set(['cleaned']));
    const since = '2024-01-31T00:00:00Z';
    const recent = (await call(`${list}/members?count=1000&since_last_changed=${since}&sort_field=last_changed&sort_dir=DESC`)).json
      .members;
    const times = recent.map(({ last_changed }: { last_changed: string }) => Date.parse(last_changed));
    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a));
    expect(times.every((time: number) => time >= Date.parse(since))).toBe(true);
    for (const query of ['status=gone', 'since_last_changed=yesterday', 'sort_field=email', 'offset=-1'])
      expect((await call(`${list}/members?${query}`)).status).toBe(400);
  });

  it('takes a batch, and refuses its members one by one', async () => {
    const { json } = await call(list, {
      body: {
        update_existing: true,
        members: [
          member(1, { merge_fields: { FNAME: 'Ann', NOTHING: 'x' }, interests: { '9143cf3bd1': true } }),
          member(2, { email_address: 'no address' }),
          member(3, { email_address: 'x@example.invalid' }),
          member(4, { merge_fields: { AGE: 'old' } }),
          member(5, { interests: { unknown: true } }),
          member(6, { merge_fields: { ADDRESS: { addr1: 'A road' } } }),
        ],
      },
    });
    expect(json).toMatchObject({ total_created: 1, total_updated: 0, error_count: 5 });
    expect(json.new_members[0]).toMatchObject({
      merge_fields: { FNAME: 'Ann', LNAME: '' },
      interests: { '9143cf3bd1': true, f9c8f5f0ff: false },
      last_changed: '2024-03-01T00:00:00+00:00',
    });
    expect(json.new_members[0].merge_fields).not.toHaveProperty('NOTHING');
    expect(json.errors.map(({ email_address, field }: Record<string, string>) => [email_address, field])).toEqual([
      ['no address', ''],
      ['x@example.invalid', ''],
      ['new4@example.com', 'AGE'],
      ['new5@example.com', 'interests.unknown'],
      ['new6@example.com', 'ADDRESS'],
    ]);
    const kept = await call(`${list}/members/${json.new_members[0].id}`);
    expect(kept.json).toMatchObject({ email_address: 'new1@example.com', status: 'subscribed' });
    expect((await call(`${list}/members/none`)).status).toBe(404);
  });

  it('updates only when told, and never subscribes who left by themselves', async () => {
    const [known] = (await call(`${list}/members?count=1&status=subscribed`)).json.members;
    const again = { email_address: known.email_address.toUpperCase(), status: 'unsubscribed' };
    expect((await call(list, { body: { members: [again] } })).json.errors[0].error_code).toBe('ERROR_CONTACT_EXISTS');
    expect((await call(list, { body: { members: [again], update_existing: true } })).json.total_updated).toBe(1);
    const left = (await call(`${list}/members?count=100&status=unsubscribed`)).json.members.at(-1);
    const back = { email_address: left.email_address, status: 'subscribed' };
    expect((await call(list, { body: { members: [back], update_existing: true } })).json.errors[0].error).toMatch(/compliance state/);
  });

  it('refuses a batch as a whole that is too long, not of the schema, has an address twice, or is no JSON', async () => {
    const batch = (members: unknown) => call(list, { body: { members, update_existing: true } });
    const before = server.platforms.mailchimp.state();
    expect((await batch(Array.from({ length: 501 }, (_, n) => member(n)))).status).toBe(400);
    expect((await batch([member(1), { status: 'subscribed' }])).json.errors[0].field).toBe('members.item:1.email_address');
    expect((await batch([member(1, { merge_fields: { ADDRESS: { addr1: 5 } } })])).json.errors[0].message).toBe(
      'Schema describes string, number found instead',
    );
    expect((await batch([member(1), member(1)])).json.errors[0].message).toMatch(/Duplicate items found/);
    expect((await batch('none')).status).toBe(400);
    expect(await call(list, { body: '{' })).toMatchObject({ status: 400, json: { title: 'JSON Parse Error' } });
    expect(server.platforms.mailchimp.state()).toEqual(before);
    expect((await batch(Array.from({ length: 500 }, (_, n) => member(n)))).json.total_created).toBe(500);
  });

  it('answers 429 when there are more calls at a time than it allows', async () => {
    const narrow = await startPlatforms([mailchimpStandIn({ connections: 2, latencyMs: 100 })]);
    const ping = () => fetch(`${narrow.platforms.mailchimp.url}/3.0/ping`, { headers: { authorization: basic(demoMailchimp.apiKey) } });
    const answers = await Promise.all([ping(), ping(), ping(), ping()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429, 429]);
    expect((await ping()).status).toBe(200);
    await narrow.stop();
  });
});
