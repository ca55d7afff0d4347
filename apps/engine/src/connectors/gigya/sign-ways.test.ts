import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorCodes, FatalError } from '#dataflow';
import { fakeContext } from '#testing';
import { selfSigned } from '#testing/peers/certificate.ts';
import { openGigya } from './client.ts';
import { type OtherSiteParams, siteOf } from './site.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const usualAuthorities = getCACertificates('default');
let folder: string;
let overTls: GigyaServer;
let inTheOpen: GigyaServer;
let expired: GigyaServer;

const search = { query: 'SELECT UID FROM accounts' };

/** Makes one call as a step with these parameters does. */
async function callWith(server: GigyaServer, params: Partial<OtherSiteParams>) {
  const context = fakeContext({ site: server.site });
  await using gigya = openGigya(siteOf({ signWith: 'signature', ...params } as OtherSiteParams, context), context);
  return await gigya.call('accounts.search', search).catch((thrown: unknown) => thrown);
}

// Certificates are made with openssl; in CI it must be there.
const lacksOpenssl = !process.env.CI && spawnSync('openssl', ['version']).status !== 0;

describe.skipIf(lacksOpenssl)('a call proves who makes it (needs openssl)', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'idsync-tls-'));
    const [{ key, certificate: cert }, old] = [
      selfSigned(path.join(folder, 'good')),
      selfSigned(path.join(folder, 'old'), { expired: true }),
    ];
    setDefaultCACertificates([...usualAuthorities, cert, old.certificate]);
    const users = [{ userKey: 'ATokenUser', publicKey }];
    overTls = await startGigya({ accounts: 3, tls: { key, cert }, users });
    inTheOpen = await startGigya({ accounts: 3, users });
    expired = await startGigya({ accounts: 3, tls: { key: old.key, cert: old.certificate } });
  });
  afterAll(async () => {
    setDefaultCACertificates(usualAuthorities);
    rmSync(folder, { recursive: true });
    await Promise.all([overTls, inTheOpen, expired].map((server) => server.stop()));
  });

  test('by a signature, over HTTP and HTTPS', async () => {
    for (const server of [overTls, inTheOpen]) expect(await callWith(server, {})).toMatchObject({ totalCount: 3 });
  });

  test('by a token that a private key signs, over both; the secret is not needed then', async () => {
    for (const server of [overTls, inTheOpen]) {
      expect(await callWith(server, { userKey: 'ATokenUser', privateKey })).toMatchObject({ totalCount: 3 });
      expect(await callWith(server, { userKey: 'ATokenUser', privateKey, secret: 'c2VjcmV0', signWith: 'secret' })).toMatchObject({
        totalCount: 3,
      });
    }
  });

  test('by user key and secret as they are, over HTTPS', async () => {
    expect(await callWith(overTls, { signWith: 'secret' })).toMatchObject({ totalCount: 3 });
    const { userKey } = overTls.site;
    const wrong = await callWith(overTls, { userKey, secret: Buffer.from('wrong').toString('base64'), signWith: 'secret' });
    expect(wrong).toMatchObject({ code: errorCodes.authenticationFailed, message: expect.stringContaining(userKey) });
  });

  test('never by sending the secret in the open', async () => {
    const calls = inTheOpen.calls['accounts.search'];
    const thrown = await callWith(inTheOpen, { signWith: 'secret' });
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ code: errorCodes.notAllowed, message: expect.stringContaining('https://') });
    expect(String(thrown)).not.toContain(inTheOpen.site.secret);
    expect(inTheOpen.calls['accounts.search']).toBe(calls);
  });

  test('not by a private key that is none, or by one of somebody else', async () => {
    expect(await callWith(inTheOpen, { userKey: 'ATokenUser', privateKey: 'no key' }).catch((thrown: unknown) => thrown)).toMatchObject({
      code: errorCodes.authenticationFailed,
      message: expect.stringContaining('PKCS#8'),
    });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await callWith(inTheOpen, { userKey: 'ATokenUser', privateKey: other })).toMatchObject({
      code: errorCodes.authenticationFailed,
    });
  });

  test('to nobody whose certificate has expired', async () => {
    const thrown = await callWith(expired, {});
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(/certificate has expired/);
    expect(expired.calls['accounts.search']).toBeUndefined();
  });

  test('not with credentials in part: what is missing is named', async () => {
    for (const [params, field] of [
      [{ userKey: 'A' }, 'params.secret'],
      [{ secret: 'c2VjcmV0' }, 'params.userKey'],
      [{ privateKey }, 'params.userKey'],
      [{ apiKey: '3_x', userKey: 'A' }, 'params.secret'],
    ] as const) {
      await expect(callWith(inTheOpen, params)).rejects.toMatchObject({ field, code: errorCodes.missingParameter });
    }
  });
});
