import { createHash, createPrivateKey, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GcsRole, type GcsServer, startGcs } from './start-gcs.ts';

let server: GcsServer;
beforeAll(async () => {
  server = await startGcs({ buckets: ['bucket'], requesterPays: ['paid'] });
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function assertion(role: GcsRole, claims: object = {}, head: object = { alg: 'RS256', typ: 'JWT' }): string {
  const { clientEmail, privateKey } = server.credentials(role);
  const iat = Math.floor(Date.now() / 1000);
  const scope = 'https://www.googleapis.com/auth/devstorage.read_write';
  const signed = `${part(head)}.${part({ iss: clientEmail, scope, aud: server.tokenUrl, iat, exp: iat + 3600, ...claims })}`;
  const key = createPrivateKey(Buffer.from(privateKey, 'base64').toString('utf8'));
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

const grant = (text: string, grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer') =>
  fetch(server.tokenUrl, { method: 'POST', body: new URLSearchParams({ grant_type: grantType, assertion: text }) });

async function bearer(role: GcsRole = 'objectUser', claims: object = {}): Promise<Record<string, string>> {
  const { access_token: token } = (await (await grant(assertion(role, claims))).json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

const upload = (query: string, init: RequestInit) =>
  fetch(`${server.url}/upload/storage/v1/b/bucket/o?${query}`, { method: 'POST', ...init });
const object = (name: string, init: RequestInit, query = '') =>
  fetch(`${server.url}/storage/v1/b/bucket/o/${encodeURIComponent(name)}${query}`, init);
const reasonOf = async (answer: Response) => {
  const { error } = (await answer.json()) as { error: { errors: { reason: string }[] } };
  return [answer.status, error.errors[0]?.reason];
};

describe('the token endpoint', () => {
  it('issues a token for an hour to whoever signs as Google asks', async () => {
    const answer = await grant(assertion('objectUser'));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
  });

  it.each([
    ['another signature', () => `${assertion('objectUser').slice(0, -8)}AAAAAAAA`, 'Invalid JWT Signature.'],
    ['no signature', () => assertion('objectUser', {}, { alg: 'none' }), 'Invalid JWT Signature.'],
    ['no such account', () => assertion('objectUser', { iss: 'nobody@example.com' }), 'account not found'],
    ['another audience', () => assertion('objectUser', { aud: 'https://example.com' }), 'audience'],
    ['two hours', () => assertion('objectUser', { exp: Math.floor(Date.now() / 1000) + 7200 }), 'short-lived'],
    ['the past', () => assertion('objectUser', { iat: 1000, exp: 4600 }), 'reasonable timeframe'],
    ['nonsense', () => 'a.b.c', 'Failed to parse'],
  ])('refuses %s', async (_what, text, told) => {
    const answer = await grant(text());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant', error_description: expect.stringContaining(told) });
  });

  it('refuses another grant and another scope', async () => {
    expect(await (await grant(assertion('objectUser'), 'password')).json()).toMatchObject({ error: 'unsupported_grant_type' });
    expect(await (await grant(assertion('objectUser', { scope: 'mail' }))).json()).toMatchObject({ error: 'invalid_scope' });
  });
});

describe('the JSON API', () => {
  it('asks for a token, for the right, for the scope, and for who pays', async () => {
    expect(await reasonOf(await object('x', {}))).toEqual([401, 'required']);
    expect(await reasonOf(await object('x', { headers: { authorization: 'Bearer old' } }))).toEqual([401, 'authError']);
    expect(await reasonOf(await object('x', { headers: await bearer('objectCreator') }))).toEqual([403, 'forbidden']);
    const readOnly = await bearer('objectUser', { scope: 'https://www.googleapis.com/auth/devstorage.read_only' });
    expect(await reasonOf(await upload('uploadType=media&name=x', { headers: readOnly, body: 'x' }))).toEqual([
      403,
      'insufficientPermissions',
    ]);
    const paid = `${server.url}/storage/v1/b/paid/o`;
    const headers = await bearer();
    expect(await reasonOf(await fetch(paid, { headers }))).toEqual([400, 'required']);
    expect((await fetch(`${paid}?userProject=example-project`, { headers })).status).toBe(200);
  });

  it('tells a bucket from an object that is not there', async () => {
    const headers = await bearer();
    const bucket = await fetch(`${server.url}/storage/v1/b/other/o`, { headers });
    expect([bucket.status, await bucket.text()]).toEqual([404, expect.stringContaining('The specified bucket does not exist.')]);
    const missing = await object('x', { headers });
    expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('No such object: bucket/x')]);
  });

  it('keeps generations apart and holds preconditions', async () => {
    const headers = await bearer();
    const put = (query = '') => upload(`uploadType=media&name=x${query}`, { headers, body: 'abc' });
    expect((await put('&ifGenerationMatch=0')).status).toBe(200);
    expect(await reasonOf(await put('&ifGenerationMatch=0'))).toEqual([412, 'conditionNotMet']);
    const { generation } = (await (await object('x', { headers })).json()) as { generation: string };
    expect((await object('x', { headers }, `?alt=media&ifGenerationMatch=${generation}`)).status).toBe(200);
    await put();
    expect(await reasonOf(await object('x', { headers }, `?alt=media&ifGenerationMatch=${generation}`))).toEqual([412, 'conditionNotMet']);
    expect((await object('x', { headers }, `?generation=${generation}`)).status).toBe(404);
  });

  it('gives ranges of the bytes and refuses one behind the end', async () => {
    const headers = await bearer();
    await upload('uploadType=media&name=a%2Fb', { headers, body: '0123456789' });
    const range = (text: string) => object('a/b', { headers: { ...headers, range: text } }, '?alt=media');
    const some = await range('bytes=3-5');
    expect([some.status, some.headers.get('content-range'), await some.text()]).toEqual([206, 'bytes 3-5/10', '345']);
    expect(await (await range('bytes=7-')).text()).toBe('789');
    expect((await range('bytes=10-')).status).toBe(416);
  });

  it('compares the MD5 of an upload before the object appears', async () => {
    const headers = { ...(await bearer()), 'content-type': 'multipart/related; boundary=b' };
    const body = (md5Hash: string) =>
      `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ name: 'x', md5Hash })}\r\n--b\r\nContent-Type: text/plain\r\n\r\nabc\r\n--b--`;
    const md5 = createHash('md5').update('abc').digest('base64');
    expect((await upload('uploadType=multipart', { headers, body: body('AAAA') })).status).toBe(400);
    expect((await object('x', { headers })).status).toBe(404);
    expect((await upload('uploadType=multipart', { headers, body: body(md5) })).status).toBe(200);
    expect(await (await object('x', { headers })).json()).toMatchObject({ name: 'x', size: '3', md5Hash: md5 });
  });

  it('pages a list in the order of the names', async () => {
    const headers = await bearer();
    for (const name of ['b', 'a', 'c/d']) await upload(`uploadType=media&name=${encodeURIComponent(name)}`, { headers, body: 'x' });
    const list = async (query: string) =>
      (await (await fetch(`${server.url}/storage/v1/b/bucket/o?${query}`, { headers })).json()) as {
        items?: { name: string }[];
        nextPageToken?: string;
      };
    const first = await list('maxResults=2');
    expect(first.items?.map(({ name }) => name)).toEqual(['a', 'b']);
    const second = await list(`maxResults=2&pageToken=${encodeURIComponent(first.nextPageToken ?? '')}`);
    expect([second.items?.map(({ name }) => name), second.nextPageToken]).toEqual([['c/d'], undefined]);
    expect((await list('prefix=none')).items).toBeUndefined();
  });
});

describe('a resumable upload', () => {
  const KiB = 1024;
  const begin = async () => {
    const answer = await upload('uploadType=resumable', { headers: await bearer(), body: JSON.stringify({ name: 'r' }) });
    return answer.headers.get('location') ?? '';
  };
  const put = (address: string, range: string, body: Uint8Array | string = '', more: Record<string, string> = {}) =>
    fetch(address, { method: 'PUT', headers: { 'content-range': range, ...more }, body });

  it('appears with its last piece and tells meanwhile what it has', async () => {
    const address = await begin();
    const piece = Buffer.alloc(256 * KiB, 'x');
    expect((await put(address, 'bytes */*')).headers.get('range')).toBeNull();
    const first = await put(address, 'bytes 0-262143/*', piece);
    expect([first.status, first.headers.get('range')]).toEqual([308, 'bytes=0-262143']);
    const headers = await bearer();
    expect((await object('r', { headers })).status).toBe(404);
    expect(server.unfinished()).toEqual(['r']);
    expect((await put(address, 'bytes 262144-262146/262147', 'end')).status).toBe(200);
    expect(await (await object('r', { headers })).json()).toMatchObject({ size: '262147' });
    expect((await put(address, 'bytes */*')).status).toBe(200);
    expect(server.unfinished()).toEqual([]);
  });

  it('refuses pieces that are uneven, that leave a gap, or that are shorter than they say', async () => {
    const address = await begin();
    const told = async (answer: Response) => [answer.status, await answer.text()];
    expect(await told(await put(address, 'bytes 0-2/*', 'abc'))).toEqual([400, expect.stringContaining('262144')]);
    expect(await told(await put(address, 'bytes 5-7/8', 'abc'))).toEqual([400, expect.stringContaining('exceeds already uploaded size')]);
    expect((await put(address, 'bytes 0-9/10', 'abc')).status).toBe(400);
    expect((await put(address, 'nonsense', 'abc')).status).toBe(400);
  });

  it('compares the MD5 that comes with the last piece', async () => {
    const address = await begin();
    expect((await put(address, 'bytes 0-2/3', 'abc', { 'x-goog-hash': 'md5=AAAA' })).status).toBe(400);
    expect((await object('r', { headers: await bearer() })).status).toBe(404);
  });

  it('is cancelled with 499 and then unknown', async () => {
    const address = await begin();
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(499);
    expect((await put(address, 'bytes */*')).status).toBe(404);
    expect(server.unfinished()).toEqual([]);
  });
});
