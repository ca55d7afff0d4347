import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { request } from 'node:http';
import { signatureOf, signingKey } from '@idsync/engine/connectors/gigya';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveSite } from '../../sites/save-site.ts';
import { keyOf, SITE, startTestServer, type TestServer } from '../../testing/test-server.ts';
import { Parameters } from '../http/parameters.ts';
import { authenticate, type Call } from './authenticate.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const { apiKey } = SITE;
const { userKey, secret } = keyOf('viewer');
const query = 'SELECT * FROM dataflow';

async function post(params: Record<string, string>, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}/idx.search`, { method: 'POST', body: new URLSearchParams(params), headers });
  expect(response.headers.get('date')).not.toBeNull();
  return (await response.json()) as Record<string, unknown>;
}

function signed(
  params: Record<string, string>,
  { at = Date.now(), url = `${server.url}/idx.search`, key = secret } = {},
): Record<string, string> {
  const all = { apiKey, userKey, query, timestamp: String(Math.floor(at / 1000)), nonce: randomUUID(), ...params };
  return { ...all, sig: signatureOf({ method: 'POST', url: new URL(url), params: all }, signingKey(key)) };
}

describe('with a secret', () => {
  it('opens for the right one, names in any letter case', async () => {
    expect(await post({ apiKey, userKey, secret, query })).toMatchObject({ errorCode: 0 });
    expect(await post({ APIKEY: apiKey, UserKey: userKey, Secret: secret, Query: query })).toMatchObject({ errorCode: 0 });
  });

  it.each([
    [{ userKey, secret, query }, 400002],
    [{ apiKey: '4_other', userKey, secret, query }, 400093],
    [{ apiKey, query }, 403005],
    [{ apiKey, secret, query }, 403005],
    [{ apiKey, userKey: 'unknown', secret, query }, 403005],
    [{ apiKey, userKey: 'nul \u0000', secret, query }, 403005],
    [{ apiKey, userKey, secret: 'wrong', query }, 403010],
  ] as [Record<string, string>, number][])('is refused with the code of the original: %j', async (params, errorCode) => {
    const answer = await post(params);
    expect(answer).toMatchObject({ errorCode });
    expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it('does not open another site', async () => {
    await saveSite(server.services, { ...SITE, apiKey: '4_elsewhere', name: 'Elsewhere' });
    expect(await post({ apiKey: '4_elsewhere', userKey, secret, query })).toMatchObject({ errorCode: 403005 });
  });

  it('is refused where others could read along', async () => {
    const call: Call = {
      params: new Parameters(Object.entries({ apiKey, userKey, secret })),
      httpMethod: 'POST',
      urls: [],
      authorization: undefined,
      isPrivate: false,
    };
    await expect(authenticate(server.services, call)).rejects.toMatchObject({ errorCode: 403006 });
    await expect(authenticate(server.services, { ...call, isPrivate: true })).resolves.toMatchObject({ user: { role: 'viewer' } });
  });
});

describe('with a signature', () => {
  it('opens once; the same call again is refused', async () => {
    const params = signed({});
    expect(await post(params)).toMatchObject({ errorCode: 0 });
    expect(await post(params)).toMatchObject({ errorCode: 403004 });
  });

  it('takes milliseconds, as one client sends them, and what the caller sees as https behind a proxy', async () => {
    expect(await post(signed({ timestamp: String(Date.now()) }))).toMatchObject({ errorCode: 0 });
    expect(await post(signed({}, { url: `${server.url.replace('http:', 'https:')}/idx.search` }))).toMatchObject({ errorCode: 0 });
  });

  it('agrees with a signature made step by step from the rules', async () => {
    const rfc3986 = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const params: Record<string, string> = {
      userKey,
      apiKey,
      query: "SELECT * FROM dataflow WHERE name = 'a~*+ é'",
      nonce: randomUUID(),
      timestamp: String(Math.floor(Date.now() / 1000)),
    };
    const text = Object.keys(params)
      .sort()
      .map((name) => `${name}=${rfc3986(params[name] ?? '')}`)
      .join('&');
    const base = `POST&${rfc3986(`${server.url}/idx.search`)}&${rfc3986(text)}`;
    const sig = createHmac('sha1', Buffer.from(secret, 'base64')).update(base).digest('base64');
    expect(await post({ ...params, sig })).toMatchObject({ errorCode: 0, resultCount: 0 });
  });

  it('is refused when it is old, of another key, or for something else', async () => {
    expect(await post(signed({}, { at: Date.now() - 180_000 }))).toMatchObject({ errorCode: 403002 });
    expect(await post(signed({ timestamp: 'today' }))).toMatchObject({ errorCode: 403002 });
    expect(await post(signed({}, { key: keyOf('admin').secret }))).toMatchObject({ errorCode: 403003 });
    expect(await post({ ...signed({}), query: 'SELECT * FROM scheduling' })).toMatchObject({ errorCode: 403003 });
    expect(await post(signed({}, { url: 'https://elsewhere.example/idx.search' }))).toMatchObject({ errorCode: 403003 });
  });

  const vectors = [
    {
      secret: Buffer.from('test-consumer-secret&test-token-secret').toString('base64'),
      url: 'http://photos.example.net/photos',
      params: {
        file: 'vacation.jpg',
        oauth_consumer_key: 'test-consumer-secret',
        oauth_nonce: 'kllo9940pd9333jh',
        oauth_signature_method: 'HMAC-SHA1',
        oauth_timestamp: '1191242096',
        oauth_token: 'test-token-secret',
        oauth_version: '1.0',
        size: 'original',
      },
      sig: 'j4/Jwtp11HLWl7KG3QlsczfRRpU=',
    },
    {
      secret: 'bm90LWEtcmVhbC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2Q=',
      url: 'https://accounts.us1.gigya.com/accounts.search',
      params: {
        apiKey: '3_testApiKey',
        userKey: 'AtestUserKey',
        format: 'json',
        httpStatusCodes: 'false',
        timestamp: '1700000000',
        nonce: '1700000000000_1',
        query: 'SELECT UID FROM accounts WHERE profile.email = "jane+x@example.com"',
      },
      sig: 'baa4tVxdfLhwIy765eVHYprwyJU=',
    },
  ];

  it.each(vectors)('agrees with the vector of $url', ({ secret: key, url, params, sig }) => {
    expect(signatureOf({ method: 'POST', url: new URL(url), params }, signingKey(key))).toBe(sig);
  });

  it('lets the second vector in as far as its age: site, key, address and signature fit', async () => {
    const { url, params, sig, secret: key } = vectors[1] as (typeof vectors)[1];
    await saveSite(server.services, { ...SITE, apiKey: '3_testApiKey', name: 'Vector' });
    const own = { userKey: 'AtestUserKey', apiKey: '3_testApiKey', name: 'vector', role: 'viewer', createdByName: 'Test' };
    await server.services.prisma.userKey.create({ data: { ...own, secret: server.services.secrets.seal(key, own.userKey) } });
    const call = (given: string): Call => ({
      params: new Parameters([...Object.entries(params), ['sig', given]]),
      httpMethod: 'POST',
      urls: [new URL(url)],
      authorization: undefined,
      isPrivate: true,
    });
    await expect(authenticate(server.services, call(sig))).rejects.toMatchObject({ errorCode: 403002 });
    await expect(authenticate(server.services, call(`x${sig.slice(1)}`))).rejects.toMatchObject({ errorCode: 403003 });
  });
});

describe('with a bearer token', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  function token(head: object, claims: object = {}): string {
    const text = `${part({ alg: 'RS256', typ: 'JWT', ...head })}.${part({ iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...claims })}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
  }
  const withToken = (text: string) => post({ apiKey, query }, { authorization: `Bearer ${text}` });

  it('opens for the key an administrator made for it, once', async () => {
    const { userKey: kid, secret: none } = await server.as('admin').userKeys.create({ apiKey, name: 'CI', role: 'viewer', publicKey: pem });
    expect(none).toBeUndefined();
    const text = token({ kid });
    expect(await withToken(text)).toMatchObject({ errorCode: 0 });
    expect(await withToken(text)).toMatchObject({ errorCode: 403004 });
    expect(await withToken(token({ kid }, { iat: 1_700_000_000 }))).toMatchObject({ errorCode: 403002 });
    expect(await withToken(`${token({ kid }).slice(0, -8)}AAAAAAAA`)).toMatchObject({ errorCode: 403003 });
    expect(await withToken(token({ kid, alg: 'none' }))).toMatchObject({ errorCode: 403003 });
    expect(await withToken(token({ kid: userKey }))).toMatchObject({ errorCode: 403003 });
    expect(await withToken(token({ kid: 'unknown' }))).toMatchObject({ errorCode: 403005 });
    expect(await withToken('no token')).toMatchObject({ errorCode: 403003 });
    await server.as('admin').userKeys.remove({ userKey: kid });
    expect(await withToken(token({ kid }))).toMatchObject({ errorCode: 403005 });
  });

  it('is refused a key that is no RSA key', async () => {
    await expect(server.as('admin').userKeys.create({ apiKey, name: 'CI', role: 'viewer', publicKey: 'x' })).rejects.toThrow(
      /RSA key in PEM form/,
    );
  });
});

it('opens for a secret that an administrator made, which is told once and stored encrypted', async () => {
  const made = await server.as('admin').userKeys.create({ apiKey, name: 'Deploy', role: 'editor' });
  expect(await post({ apiKey, userKey: made.userKey, secret: made.secret ?? '', query })).toMatchObject({ errorCode: 0 });
  const listed = await server.as('admin').userKeys.list({ apiKey });
  expect(listed[0]).toMatchObject({ userKey: made.userKey, name: 'Deploy', role: 'editor', signsIn: 'secret', createdByName: 'admin' });
  expect(JSON.stringify([listed, await server.services.prisma.userKey.findMany()])).not.toContain(made.secret);
});

it('has no use for the cookie of a person', async () => {
  expect(await post({ apiKey, query }, { cookie: await server.signIn('admin') })).toMatchObject({ errorCode: 403005 });
});

it('answers without a Host header, too', async () => {
  const { port } = new URL(server.url);
  const text = await new Promise<string>((resolve, reject) => {
    const call = request({ port, path: '/idx.search?apiKey=x', setHost: false, headers: { host: 'not a host' } }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve(body);
    });
    call.on('error', reject).end();
  });
  expect(JSON.parse(text)).toMatchObject({ errorCode: 400093 });
});
