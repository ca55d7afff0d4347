import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';

// The certificate is made with openssl; in CI it must be there.
const lacksOpenssl = !process.env.CI && spawnSync('openssl', ['version']).status !== 0;
let server: GigyaServer | undefined;
let ca: string;
beforeAll(async () => {
  if (lacksOpenssl) return;
  const folder = mkdtempSync(join(tmpdir(), 'gigya-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'ignore',
  });
  ca = readFileSync(certFile, 'utf8');
  server = await startGigya({ accounts: 3, tls: { key: readFileSync(keyFile, 'utf8'), cert: ca } });
  rmSync(folder, { recursive: true });
});
afterAll(() => server?.stop());

function post(params: Record<string, string>): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = request(`${server?.url}/accounts.search`, { method: 'POST', headers, ca }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text) as JsonObject));
    });
    sent.on('error', reject).end(new URLSearchParams({ query: 'SELECT count(*) FROM accounts', ...params }).toString());
  });
}

it.skipIf(lacksOpenssl)('over HTTPS the secret itself is as good as a signature, and a wrong one is refused', async () => {
  const { apiKey = '', userKey = '', secret = '' } = server?.site ?? {};
  expect(await post({ apiKey, userKey, secret })).toMatchObject({ errorCode: 0 });
  expect(await post({ apiKey, userKey, secret: `${secret}x` })).toMatchObject({ errorCode: 403010 });
  expect(await post({ apiKey, secret })).toMatchObject({ errorCode: 403005 });
});
