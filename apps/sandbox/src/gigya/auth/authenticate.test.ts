import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { sendSigned, signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';
import { sign } from './signature.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const reader = { userKey: 'Areader', secret: Buffer.from('reader secret').toString('base64'), permissions: ['accounts.search'] };
const countAll = { query: 'SELECT count(*) FROM accounts' };
let server: GigyaServer;

beforeAll(async () => {
  const signer = { userKey: 'Abearer', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  server = await startGigya({ accounts: 10, users: [reader, signer] });
});
afterAll(() => server.stop());

async function post(params: Record<string, string>, headers: Record<string, string> = {}): Promise<JsonObject> {
  const response = await fetch(`${server.url}/accounts.search`, { method: 'POST', headers, body: new URLSearchParams(params) });
  return (await response.json()) as JsonObject;
}

describe('a signed call', () => {
  it('is let in by POST and by GET', async () => {
    expect(await signedCall(server.site, 'accounts.search', countAll)).toMatchObject({ errorCode: 0 });
    const { apiKey, userKey, secret } = server.site;
    const url = `${server.url}/accounts.search`;
    const params = { ...countAll, apiKey, userKey, timestamp: String(Date.now()), nonce: 'by get' };
    const sig = sign(secret, { httpMethod: 'GET', url, params: Object.entries(params) });
    const response = await fetch(`${url}?${new URLSearchParams({ ...params, sig })}`);
    expect(await response.json()).toMatchObject({ errorCode: 0 });
  });

  it.each([
    ['with an unknown apiKey', { apiKey: '4_other' }, 400093],
    ['with an unknown user key', { userKey: 'Aother' }, 403005],
    ['older than two minutes', { timestamp: String(Math.floor(Date.now() / 1000) - 121) }, 403002],
    ['from the future', { timestamp: String(Math.floor(Date.now() / 1000) + 180) }, 403002],
    ['with a timestamp that is no number', { timestamp: 'now' }, 403002],
  ])('%s is refused', async (_what, params, errorCode) => {
    expect(await signedCall(server.site, 'accounts.search', { ...countAll, ...params })).toMatchObject({ errorCode });
  });

  it('is refused when its nonce was used, whoever asks again', async () => {
    expect(await signedCall(server.site, 'accounts.search', { ...countAll, nonce: 'twice' })).toMatchObject({ errorCode: 0 });
    expect(await signedCall(server.site, 'accounts.search', { ...countAll, nonce: 'twice' })).toMatchObject({ errorCode: 403004 });
  });

  it('is refused when the secret is another', async () => {
    const wrong = { ...server.site, secret: Buffer.from('wrong').toString('base64') };
    expect(await signedCall(wrong, 'accounts.search', countAll)).toMatchObject({
      errorCode: 403003,
      errorMessage: 'Invalid request signature',
    });
  });

  it('tells the server time in its Date header, so that a client can mend its clock', async () => {
    const early = await startGigya({ accounts: 1, clock: () => Date.parse('2020-01-01T00:00:00Z') });
    const refused = await sendSigned(early.site, 'accounts.search', countAll);
    expect(await refused.json()).toMatchObject({ errorCode: 403002 });
    const timestamp = String(Date.parse(refused.headers.get('date') ?? '') / 1000);
    expect(await signedCall(early.site, 'accounts.search', { ...countAll, timestamp })).toMatchObject({ errorCode: 0 });
    await early.stop();
  });
});

describe('other ways in', () => {
  it('refuses a secret sent over HTTP', async () => {
    const { apiKey, userKey, secret } = server.site;
    expect(await post({ apiKey, userKey, secret, ...countAll })).toMatchObject({ errorCode: 403006 });
  });

  it('refuses a call without credentials', async () => {
    expect(await post(countAll)).toMatchObject({ errorCode: 400002 });
    expect(await post({ apiKey: server.site.apiKey, ...countAll })).toMatchObject({ errorCode: 403005 });
  });

  it('allows a user key its methods and no others', async () => {
    const site = { ...server.site, ...reader };
    expect(await signedCall(site, 'accounts.search', countAll)).toMatchObject({ errorCode: 0 });
    expect(await signedCall(site, 'accounts.deleteAccount', { UID: 'x' })).toMatchObject({ errorCode: 403007 });
  });
});

describe('a bearer token', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  function token({ header = {}, payload = {} }: { header?: object; payload?: object } = {}): string {
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'Abearer', ...header })}.${part({ iat: now(), jti: crypto.randomUUID(), ...payload })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  }

  const call = (jwt: string) => post({ apiKey: server.site.apiKey, ...countAll }, { Authorization: `Bearer ${jwt}` });

  it('of a registered key is let in', async () => {
    expect(await call(token())).toMatchObject({ errorCode: 0 });
  });

  it('is refused when used twice', async () => {
    const jwt = token();
    await call(jwt);
    expect(await call(jwt)).toMatchObject({ errorCode: 403004 });
  });

  it.each([
    ['too old', () => token({ payload: { iat: now() - 300 } }), 403002],
    ['of an unknown key', () => token({ header: { kid: 'Anobody' } }), 403005],
    ['of a user without a public key', () => token({ header: { kid: server.site.userKey } }), 403003],
    ['changed after signing', () => token().replace(/\.[^.]+\./, `.${part({ iat: now(), jti: 'other' })}.`), 403003],
    ['without a signature', () => `${part({ alg: 'none', kid: 'Abearer' })}.${part({ iat: now(), jti: 'n' })}.x`, 403003],
    ['that is no JWT', () => 'abc', 403003],
  ])('%s is refused', async (_what, jwt, errorCode) => {
    expect(await call(jwt())).toMatchObject({ errorCode });
  });
});
