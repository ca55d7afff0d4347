import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chunksOf } from '#testing';
import { bytesOf } from '#testing/bytes-of.ts';
import { command, commandMissing } from '#testing/peers/command.ts';
import { adler32 } from './adler32.ts';
import { readLzop } from './lzop-read.ts';
import { lzopIndex, writeLzop } from './lzop-write.ts';

const timeMs = Date.UTC(2024, 1, 29, 12, 34, 56);
const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `${i},name ${i * 7919},someone${i % 97}@example.com\n`).join(''));
const noise = randomBytes(700_000);

const contents: Record<string, Buffer> = {
  nothing: Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  'three bytes': Buffer.from('xyz'),
  'a long run': Buffer.alloc(1_000_000, 'a'),
  'a short pattern': Buffer.from('ab'.repeat(5000)),
  text,
  noise,
  'text between noise': Buffer.concat([noise.subarray(0, 100_000), text, noise.subarray(0, 300), text.subarray(0, 999)]),
  'matches at every distance': Buffer.concat([2, 2047, 2048, 2049, 16_383, 16_384, 16_385, 32_768, 49_150, 49_151, 49_152].flatMap(spaced)),
};

/** A word, noise, and the word again so many bytes behind. */
function spaced(distance: number, i: number): Buffer[] {
  const word = Buffer.from(`w${i}rd:${i * 31_337}`);
  return [word, noise.subarray(i * 50_000, i * 50_000 + Math.max(0, distance - word.length)), word];
}

const pack = (bytes: Uint8Array, size = 65_536) => bytesOf(writeLzop(chunksOf(bytes, size), { name: 'a.csv', timeMs }));
const open = (bytes: Uint8Array, size = 65_536, maxExpansion = 200) =>
  bytesOf(readLzop(chunksOf(bytes, size), { fileName: 'a.lzo', maxExpansion }));

for (const [name, content] of Object.entries(contents))
  test(`reads back what it wrote: ${name}`, async () => {
    expect((await open(await pack(content))).equals(content)).toBe(true);
  });

test.each([1, 7, 1000, 1_000_000])('chunks of %i make no difference', async (size) => {
  const content = text.subarray(0, 300_000);
  const packed = await pack(content, size);
  expect(packed.equals(await pack(content))).toBe(true);
  expect((await open(packed, size)).equals(content)).toBe(true);
});

test('members follow each other', async () => {
  const packed = await pack(text);
  expect((await open(Buffer.concat([packed, await pack(Buffer.alloc(0)), packed]))).equals(Buffer.concat([text, text]))).toBe(true);
});

test('a file that is cut off anywhere says so, with its name', async () => {
  const packed = await pack(text.subarray(0, 2000));
  for (let length = 10; length < packed.length; length++)
    await expect(open(packed.subarray(0, length))).rejects.toThrow('a.lzo is cut off');
});

test('a file that is empty, of another kind or followed by other bytes says so', async () => {
  await expect(open(Buffer.alloc(0))).rejects.toThrow('a.lzo is empty');
  await expect(open(Buffer.from('UID,email\n'))).rejects.toThrow('a.lzo is no LZO file');
  await expect(open(Buffer.concat([await pack(text), Buffer.from('x')]))).rejects.toThrow('a.lzo goes on after its compressed data');
});

test('whatever byte is wrong, the content is as it was or the file fails', async () => {
  const content = text.subarray(0, 3000);
  const packed = await pack(content);
  const sumless = new Set([21, 22, 23, 24]);
  for (let at = 0; at < packed.length; at++) {
    const damaged = Buffer.from(packed);
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    const read = await open(damaged).catch((error: Error) => error);
    if (read instanceof Error) expect(read.message, `byte ${at}`).toMatch(/^a\.lzo (?:is|cannot|goes)/);
    else expect(read.equals(content) || sumless.has(at), `byte ${at}`).toBe(true);
  }
});

test('a file made to fill the disk is stopped', async () => {
  const packed = await pack(Buffer.alloc(8 * 1024 * 1024));
  const bomb = Buffer.concat(Array.from({ length: 40 }, () => packed));
  await expect(open(bomb, 65_536, 100)).rejects.toThrow('a.lzo expands to more than 100 times its size');
});

test('the index holds the position of each block, most significant byte first', async () => {
  const positions: number[] = [];
  const packed = await bytesOf(writeLzop(chunksOf(text, 1000), { name: 'a.csv', timeMs, onBlock: (position) => positions.push(position) }));
  const index = Buffer.from(lzopIndex(positions));
  expect(index.length).toBe(8 * Math.ceil(text.length / 262_144));
  const sizes = positions.map((_, i) => packed.readUInt32BE(Number(index.readBigUInt64BE(i * 8))));
  expect(sizes.reduce((sum, size) => sum + size)).toBe(text.length);
  expect(sizes.slice(0, -1).every((size) => size === 262_144)).toBe(true);
});

test('sums are those of RFC 1950', () => {
  expect(adler32(Buffer.from('Wikipedia'))).toBe(0x11e60398);
  const long = Buffer.alloc(1_000_000, 255);
  expect(adler32(long)).toBe(adlerSlow(long));
});

function adlerSlow(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

const missing = commandMissing('lzop');

describe.skipIf(missing)(`against lzop (${missing ?? 'lzop found'})`, () => {
  for (const [name, content] of Object.entries(contents))
    test(`lzop reads what we write: ${name}`, async () => {
      expect(command('lzop', ['-dc'], { input: await pack(content) }).equals(content)).toBe(true);
    });

  for (const options of [
    ['-1'],
    ['-3'],
    ['-6'],
    ['-7'],
    ['-9'],
    ['-F'],
    ['-9', '-F'],
    ['--crc32'],
    ['-C'],
    ['-C', '--crc32'],
    ['--no-name'],
  ])
    test(`we read what lzop ${options.join(' ')} writes`, async () => {
      for (const content of Object.values(contents))
        expect((await open(command('lzop', ['-c', ...options], { input: content }))).equals(content)).toBe(true);
    });

  test('lzop restores name and time from our header', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'idsync-lzop-'));
    writeFileSync(path.join(folder, 'packed.lzo'), await pack(text));
    command('lzop', ['-dN', 'packed.lzo'], { cwd: folder });
    expect(readdirSync(folder)).toEqual(['a.csv', 'packed.lzo']);
    expect(statSync(path.join(folder, 'a.csv')).mtimeMs).toBe(timeMs);
    rmSync(folder, { recursive: true });
  });

  test('a filter is refused in clear words', async () => {
    const packed = command('lzop', ['-c', '--filter=3'], { input: text });
    await expect(open(packed)).rejects.toThrow('made with a filter');
  });
});
