import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { demoExactTarget, exacttarget } from './exacttarget.ts';

let server: PlatformsServer<'exacttarget'>;
let now = Date.parse('2024-02-29T12:00:00Z');
beforeAll(async () => {
  server = await startPlatforms([exacttarget], { clock: () => now });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.exacttarget.reset());

async function call(path: string, { body, token }: { body?: unknown; token?: string } = {}) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const init =
    body === undefined
      ? { headers }
      : { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${server.url}/exacttarget${path}`, init);
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}
const { clientId, clientSecret } = demoExactTarget;
const credentials = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
const login = async () => (await call('/v2/token', { body: credentials })).json.access_token as string;
const rowset = '/hub/v1/dataevents/key:GigyaSubscribers/rowset';
const row = (id: string, values: Record<string, unknown> = {}) => ({ keys: { GUID: id, EMAIL: `${id}@example.com` }, values });

describe('the stand-in of Marketing Cloud', () => {
  it('issues tokens to its package only, by both calls, and lets them end', async () => {
    expect(await call('/v2/token', { body: { ...credentials, client_secret: 'x' } })).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    });
    expect(await call('/v2/token', { body: { ...credentials, grant_type: 'password' } })).toMatchObject({ status: 400 });
    expect(await call('/v1/requestToken', { body: { clientId, clientSecret: 'x' } })).toMatchObject({
      status: 401,
      json: { message: 'Unauthorized' },
    });
    expect((await call('/v1/requestToken', { body: { clientId, clientSecret } })).json).toMatchObject({ expiresIn: 3479 });
    const token = await login();
    expect((await call(rowset, { token, body: [row('a')] })).status).toBe(200);
    now += 20 * 60_000;
    expect(await call(rowset, { token, body: [row('a')] })).toMatchObject({ status: 401, json: { message: 'Not Authorized' } });
  });

  it('inserts rows, and changes the columns given of those that are there', async () => {
    const token = await login();
    await call(rowset, { token, body: [row('a', { FNAME: 'Ann', LNAME: 'Li' }), row('b')] });
    await call(rowset, { token, body: [row('A', { FNAME: 'Anne' })] });
    expect(server.platforms.exacttarget.state().rows).toEqual({
      GigyaSubscribers: [
        { GUID: 'a', EMAIL: 'a@example.com', FNAME: 'Anne', LNAME: 'Li' },
        { GUID: 'b', EMAIL: 'b@example.com' },
      ],
    });
    const page = await call('/data/v1/customobjectdata/key/GigyaSubscribers/rowset?$pageSize=1', { token });
    expect(page.json).toMatchObject({ count: 2, items: [{ keys: { GUID: 'a' } }] });
  });

  it.each([
    ['an unknown data extension', '/hub/v1/dataevents/key:Nope/rowset', [row('a')], 10001],
    ['a body that is no list', rowset, { items: [] }, 10001],
    ['a key that is no primary key', rowset, [{ keys: { FNAME: 'a' }, values: {} }], 10000],
    ['a missing primary key', rowset, [{ keys: { GUID: 'a' }, values: {} }], 10006],
    ['an unknown column', rowset, [row('a', { NOPE: 1 })], 10006],
    ['a text too long', rowset, [row('a', { FNAME: 'x'.repeat(51) })], 10006],
    ['a mail address that is none', rowset, [{ keys: { GUID: 'a', EMAIL: 'none' }, values: {} }], 10006],
    ['a value of another type', rowset, [row('a', { POINTS: 'many' })], 10006],
  ])('refuses %s and saves nothing', async (_what, path, body, errorcode) => {
    expect(await call(path, { token: await login(), body })).toMatchObject({ status: 400, json: { errorcode } });
    expect(server.platforms.exacttarget.state().rows).toEqual({ GigyaSubscribers: [] });
  });

  it('refuses more than five megabytes', async () => {
    const body = [row('a', { FNAME: 'x'.repeat(5 * 1024 * 1024) })];
    expect((await call(rowset, { token: await login(), body })).status).toBe(413);
  });
});
