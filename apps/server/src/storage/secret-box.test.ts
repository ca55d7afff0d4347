import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openSecretBox } from './secret-box.ts';
import { readSecretKey } from './secret-key.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

it('gives back what it sealed, and seals the same text differently each time', () => {
  const box = openSecretBox(randomBytes(32));
  const sealed = box.seal('pässword', 'row-1');
  expect(box.open(sealed, 'row-1')).toBe('pässword');
  expect(sealed).not.toContain('ssword');
  expect(box.seal('pässword', 'row-1')).not.toBe(sealed);
});

it('does not open what was moved to another row, changed, or sealed under another key', () => {
  const box = openSecretBox(randomBytes(32));
  const sealed = box.seal('password', 'row-1');
  expect(() => box.open(sealed, 'row-2')).toThrow(/cannot be opened/);
  expect(() => box.open(`${sealed.slice(0, -2)}AA`, 'row-1')).toThrow(/cannot be opened/);
  expect(() => openSecretBox(randomBytes(32)).open(sealed, 'row-1')).toThrow(/IDSYNC_SECRET_KEY/);
});

it('makes the key file once, for its owner only', async () => {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'idsync-key-'));
  folders.push(dataFolder);
  const first = await readSecretKey({ secretKey: undefined, dataFolder });
  const second = await readSecretKey({ secretKey: undefined, dataFolder });
  expect(first).toHaveLength(32);
  expect(second).toEqual(first);
  expect((await stat(path.join(dataFolder, 'secret-key'))).mode & 0o777).toBe(0o600);
  expect(await readFile(path.join(dataFolder, 'secret-key'), 'utf8')).toBe(first.toString('base64'));
});

it('takes the operator’s key as base64 or hex, and says what is wrong with another', async () => {
  const key = randomBytes(32);
  for (const encoding of ['base64', 'hex'] as const) {
    expect(await readSecretKey({ secretKey: key.toString(encoding), dataFolder: '/nowhere' })).toEqual(key);
  }
  await expect(readSecretKey({ secretKey: 'short', dataFolder: '/nowhere' })).rejects.toThrow(/IDSYNC_SECRET_KEY must hold 32 bytes/);
});
