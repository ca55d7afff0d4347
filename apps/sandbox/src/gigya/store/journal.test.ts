import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signedCall } from '../signed-call.ts';
import { type GigyaServer, startGigya } from '../start-gigya.ts';
import { Journal } from './journal.ts';

let folder: string;
let dataFile: string;
let server: GigyaServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  dataFile = join(folder, 'deep', 'gigya.ndjson');
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const fresh = { seed: 1, epoch: 5 };
const lines = () => readFileSync(dataFile, 'utf8').trimEnd().split('\n');

it('keeps the last state of each account and shrinks when it is opened', () => {
  const journal = Journal.open(dataFile, fresh);
  journal.append({ kind: 'account', key: 'a', value: { UID: 'a', data: { n: 1 } } });
  journal.append({ kind: 'account', key: 'a', value: { UID: 'a', data: { n: 2 } } });
  journal.append({ kind: 'account', key: 'b', value: null });
  journal.append({ kind: 'lite', key: 'a', value: { email: 'a' } });
  journal.close();
  expect(lines()).toHaveLength(5);
  const again = Journal.open(dataFile, { seed: 1, epoch: 9 });
  expect(again.head).toEqual(fresh);
  expect(again.takeEntries('account')).toEqual([
    { kind: 'account', key: 'a', value: { UID: 'a', data: { n: 2 } } },
    { kind: 'account', key: 'b', value: null },
  ]);
  expect(again.takeEntries('account')).toEqual([]);
  expect(again.takeEntries('lite')).toEqual([{ kind: 'lite', key: 'a', value: { email: 'a' } }]);
  expect(lines()).toHaveLength(4);
  again.close();
});

it('drops a line that was torn, and reads lines of files that knew accounts only', () => {
  const journal = Journal.open(dataFile, fresh);
  journal.append({ kind: 'account', key: 'a', value: { UID: 'a' } });
  journal.close();
  appendFileSync(dataFile, '{"uid":"b","account":{"UID":"b"}}\n{"uid":"c","acc');
  const again = Journal.open(dataFile, fresh);
  expect(again.takeEntries('account')).toEqual([
    { kind: 'account', key: 'a', value: { UID: 'a' } },
    { kind: 'account', key: 'b', value: { UID: 'b' } },
  ]);
  again.close();
});

it('refuses a file of another seed', () => {
  Journal.open(dataFile, fresh).close();
  expect(() => Journal.open(dataFile, { seed: 2, epoch: 5 })).toThrow(/made with seed 1, not 2/);
});

it('brings deletions, changes and new accounts back after a restart', async () => {
  server = await startGigya({ accounts: 5, dataFile });
  const { results } = await signedCall(server.site, 'accounts.search', { query: 'SELECT UID FROM accounts' });
  const [first, second] = (results as { UID: string }[]).map(({ UID }) => UID);
  await signedCall(server.site, 'accounts.deleteAccount', { UID: first ?? '' });
  await signedCall(server.site, 'accounts.setAccountInfo', { UID: second ?? '', data: '{"crmId":"changed"}', username: 'second' });
  await signedCall(server.site, 'accounts.importFullAccount', { UID: 'third' });
  await server.stop();
  server = await startGigya({ accounts: 5, dataFile });
  expect(server.accountCount()).toBe(5);
  expect(server.accountOf(first ?? '')).toBeUndefined();
  expect(server.accountOf(second ?? '')).toMatchObject({ data: { crmId: 'changed' } });
  expect((await signedCall(server.site, 'accounts.search', { query: 'SELECT UID FROM accounts WHERE UID = "third"' })).totalCount).toBe(1);
  expect(await signedCall(server.site, 'accounts.setAccountInfo', { UID: 'third', username: 'SECOND' })).toMatchObject({
    errorCode: 403043,
  });
});
