import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runComponent } from '#testing';
import { command, commandMissing } from '#testing/peers/command.ts';
import uncompress from '../uncompress/gzip.ts';
import compress from './gzip.ts';

const missing = commandMissing('gzip', '7z');

const text = Buffer.from(Array.from({ length: 150_000 }, (_, i) => `${i},name ${i * 7919}\n`).join(''));
const contents = [Buffer.alloc(0), Buffer.from('x'), text, randomBytes(700_000), Buffer.alloc(3_000_000)];

const pack = async (content: Uint8Array, level: number) =>
  Buffer.from((await runComponent(compress, { params: { level }, files: { 'a.csv': content } })).files[0]?.bytes ?? '');
const unpack = async (packed: Uint8Array) =>
  Buffer.from((await runComponent(uncompress, { params: { maxExpansion: 2000 }, files: { 'a.csv.gz': packed } })).files[0]?.bytes ?? '');

describe.skipIf(missing)(`gzip against its tools (${missing ?? 'gzip and 7z found'})`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'idsync-gzip-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([1, 6, 9])('gzip and 7z read what level %i writes', async (level) => {
    for (const content of contents) {
      const packed = await pack(content, level);
      expect(command('gzip', ['-dc'], { input: packed }).equals(content)).toBe(true);
      writeFileSync(path.join(folder, 'ours.gz'), packed);
      expect(command('7z', ['t', 'ours.gz'], { cwd: folder }).toString()).toContain('Everything is Ok');
    }
  });

  test.each([['-1'], ['-6'], ['-9'], ['-9n']])('what gzip %s writes is read', async (option) => {
    for (const content of contents) expect((await unpack(command('gzip', ['-c', option], { input: content }))).equals(content)).toBe(true);
  });

  test('what 7z writes, and members of both behind each other, are read', async () => {
    writeFileSync(path.join(folder, 'a.csv'), text);
    command('7z', ['a', '-tgzip', 'theirs.gz', 'a.csv'], { cwd: folder });
    const theirs = readFileSync(path.join(folder, 'theirs.gz'));
    expect((await unpack(theirs)).equals(text)).toBe(true);
    const both = Buffer.concat([theirs, command('gzip', ['-c'], { input: text }), await pack(text, 6)]);
    expect((await unpack(both)).equals(Buffer.concat([text, text, text]))).toBe(true);
  });
});
