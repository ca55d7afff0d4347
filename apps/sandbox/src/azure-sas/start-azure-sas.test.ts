import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AzureSasServer, startAzureSas } from './start-azure-sas.ts';

let server: AzureSasServer;
beforeAll(async () => {
  const storage = { endpoint: 'http://127.0.0.1:1/account', accountName: 'account', accountKey: 'a2V5', container: 'files' };
  server = await startAzureSas({ storage });
});
afterAll(() => server.stop());

const right = () => ({
  grant_type: 'client_credentials',
  client_id: server.client.clientId,
  client_secret: server.client.clientSecret,
  scope: `${server.client.clientId}/.default`,
});
const logIn = async (form: Record<string, string>, path = '/oauth2/v2.0/token') => {
  const answer = await fetch(server.loginUrl + path, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test.each([
  ['grant_type', '', 400, 'invalid_request'],
  ['grant_type', 'password', 400, 'unsupported_grant_type'],
  ['client_id', 'another', 400, 'unauthorized_client'],
  ['client_secret', '', 401, 'invalid_client'],
  ['client_secret', 'wrong', 401, 'invalid_client'],
  ['scope', '', 400, 'invalid_request'],
  ['scope', 'Mail.Read', 400, 'invalid_scope'],
])('a login with %s "%s" is refused', async (name, value, status, error) => {
  expect(await logIn({ ...right(), [name]: value })).toMatchObject({
    status,
    body: { error, error_description: expect.stringMatching(/^AADSTS\d+: /) },
  });
});

test('both token endpoints issue tokens that the broker takes, and only those', async () => {
  const { scope: _, ...older } = right();
  for (const { body } of [await logIn(right()), await logIn(older, '/oauth2/token')]) {
    const answer = await fetch(`${server.url}/api/sasstorage/create/`, { headers: { authorization: `Bearer ${body.access_token}` } });
    expect(await answer.json()).toMatch(/^http:\/\/127\.0\.0\.1:1\/account\/files\?sv=.*&sr=c&sp=racwdl&sig=/);
  }
  expect((await fetch(`${server.url}/api/sasstorage/create/`, { headers: { authorization: 'Bearer x' } })).status).toBe(401);
});

test('a token ends', async () => {
  server.behaviour.tokenLifeSeconds = -1;
  const { body } = await logIn(right());
  expect((await fetch(`${server.url}/api/sasstorage/create/`, { headers: { authorization: `Bearer ${body.access_token}` } })).status).toBe(
    401,
  );
});
