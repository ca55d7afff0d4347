import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

const PATIENCE_MS = 120_000;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function temporaryFolder(mode: number): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'idsync-embedded-'));
  await chmod(folder, mode);
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('starts once, is taken over by a second starter, and keeps its data over a stop', { timeout: PATIENCE_MS }, async () => {
  const folder = await temporaryFolder(0o755);
  const first = await startEmbedded(folder);
  cleanups.push(() => first.stop());
  await migrate(first.url);
  const client = createClient(first.url);
  await client.site.create({ data: { apiKey: 'a', name: 'A', apiDomain: 'd', userKey: 'u', secret: 's' } });
  await client.$disconnect();

  const second = await startEmbedded(folder);
  expect(second).toMatchObject({ reused: true, url: first.url });
  await second.stop();

  const third = await startEmbedded(folder);
  cleanups.push(() => third.stop());
  expect(third.reused).toBe(false);
  await migrate(third.url);
  const again = createClient(third.url);
  expect(await again.site.count()).toBe(1);
  await again.$disconnect();
});

it('lets two starters at once end up with one server', { timeout: PATIENCE_MS }, async () => {
  const folder = await temporaryFolder(0o755);
  const [one, other] = await Promise.all([startEmbedded(folder), startEmbedded(folder)]);
  cleanups.push(() => one.stop());
  expect(one.url).toBe(other.url);
});

it('keeps its password for the owner only', { timeout: PATIENCE_MS }, async () => {
  const folder = await temporaryFolder(0o755);
  const postgres = await startEmbedded(folder);
  cleanups.push(() => postgres.stop());
  expect((await stat(path.join(folder, 'postgres-password'))).mode & 0o777).toBe(0o600);
  expect(new URL(postgres.url).hostname).toBe('127.0.0.1');
});

it.runIf(process.getuid?.() === 0)('says which folder the database account may not enter', async () => {
  const folder = await temporaryFolder(0o700);
  await expect(startEmbedded(path.join(folder, 'data'))).rejects.toThrow(`"nobody" may not enter ${folder}. Run "chmod o+x ${folder}"`);
});
