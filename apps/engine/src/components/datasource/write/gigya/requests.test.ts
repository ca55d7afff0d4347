import { generateKeyPairSync } from 'node:crypto';
import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Component, DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import accountLookup from '../../lookup/gigya/account.ts';
import challengeLookup from '../../lookup/gigya/gm.ts';
import accountReader from '../../read/gigya/account.ts';
import auditReader from '../../read/gigya/audit.ts';
import commentReader from '../../read/gigya/comment.ts';
import objectReader from '../../read/gigya/ds.ts';
import accountWriter from './account.ts';
import objectWriter from './ds.ts';
import genericWriter from './generic.ts';
import importer from './importaccount.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 60, epoch: Date.UTC(2024, 5, 1), users: [{ userKey: 'ATokenUser', publicKey }] });
});
afterAll(() => server.stop());

const job = { fullExtract: false, changedSince: new Date('2024-01-01T00:00:30.000Z') };
const byMail = [{ sourceField: 'email', gigyaField: 'profile.email' }];
const byBoth = [...byMail, { sourceField: 'name', gigyaField: 'profile.lastName' }];
const tokenUser = { userKey: 'ATokenUser', privateKey };
const zoe = { email: 'Zoë "Z" \\ o@example.com', name: 'O’Neil' };

const runs: [Component, DataRecord, DataRecord[]?][] = [
  [
    accountReader,
    { select: 'UID, profile.email AS mail, subscriptions', where: 'profile.age > 20', batchSize: 2, consent: ['terms.main'] },
  ],
  [accountReader, { select: 'email, token', from: 'emailAccounts', deltaField: 'createdTimestamp' }],
  [objectReader, { select: 'oid, data.total_f', from: 'order', batchSize: 4 }],
  [auditReader, { select: 'uid', where: 'errCode = "0"', batchSize: 1000 }],
  [commentReader, { from: 'streams', where: 'categoryID="comments"' }],
  [accountLookup, { select: 'UID', lookupFields: byMail }, [zoe, { email: 'b@example.com' }]],
  [accountLookup, { select: 'UID', lookupFields: byBoth, lookupFieldsOperator: 'AND', isCaseSensitive: true }, [zoe]],
  [challengeLookup, { includeChallenges: ['explorer'], excludeChallenges: '_default' }, [{ UID: 'u1' }]],
  [accountWriter, {}, [{ uid: 'u1', 'profile.city': 'Zürich', isActive: true, data: { list: [1] } }]],
  [
    importer,
    { importPolicy: 'upsert', handleIdentityConflicts: 'connect' },
    [{ uid: 'u1', loginIds: { emails: ['u1@example.com'] }, context: 'c' }],
  ],
  [importer, {}, [{ UID: 'u2' }]],
  [objectWriter, { type: 'visit', updateBehavior: 'arraySet' }, [{ oid: 'v1', UID: 'u1', page_s: 'Home' }]],
  [
    genericWriter,
    { apiMethod: 'accounts.deleteAccount', apiParams: [{ paramName: 'UID', sourceField: 'UID' }], ...tokenUser },
    [{ UID: 'u1' }],
  ],
];

/** What differs from run to run: signatures, times, ids that the server makes. */
const changing: Record<string, string> = { sig: '…', nonce: '…', timestamp: '…', cursorId: '…' };

test('every step sends calls of the reviewed shapes', async () => {
  const shapes: string[] = [];
  for (const [component, params, records = []] of runs) {
    const from = server.requests.length;
    await runComponent(component, { site: server.site, params, records, job });
    const seen = server.requests.slice(from).map(({ httpMethod, apiMethod, authorization, params }) => ({
      method: httpMethod,
      path: `/${apiMethod}`,
      headers: authorization === undefined ? {} : { authorization },
      body: JSON.stringify({ ...params, ...Object.fromEntries(Object.entries(changing).filter(([name]) => name in params)) }),
    }));
    // Accounts are completed one by one: the first call shows what the others look like.
    const shown = seen.filter(({ path }, i) => path !== '/accounts.getAccountInfo' || seen.findIndex((one) => one.path === path) === i);
    // The next page is fetched while accounts are completed; which of the two calls comes first is chance.
    const sorted = shown.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    shapes.push(`${component.type}\n${requestShapes(sorted)}`);
  }
  await expect(shapes.join('\n')).toMatchFileSnapshot('./__requests__/gigya.txt');
});
