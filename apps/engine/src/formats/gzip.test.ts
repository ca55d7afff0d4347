import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzip } from './gzip.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const content = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `${i},name ${i * 7919}\n`).join(''));
const open = (bytes: Uint8Array, size = 1000, maxExpansion = 200) => all(gunzip(inChunks(bytes, size), { fileName: 'a.gz', maxExpansion }));

test.each([1, 100, 65_536, 10_000_000])('reads one and several members in chunks of %i', async (size) => {
  const small = content.subarray(0, 5000);
  expect((await open(gzipSync(small), size)).equals(small)).toBe(true);
  const members = Buffer.concat([gzipSync(small), gzipSync(''), gzipSync(small)]);
  expect((await open(members, size)).equals(Buffer.concat([small, small]))).toBe(true);
});

test('reads members whose ends fall on the ends of chunks', async () => {
  const packed = gzipSync(content);
  expect(packed.length).toBeGreaterThan(65_536);
  expect((await open(Buffer.concat([packed, packed]), packed.length)).length).toBe(2 * content.length);
});

test('any number of zeros behind the data is padding', async () => {
  const padded = Buffer.concat([gzipSync(content), Buffer.alloc(5_000_000)]);
  expect((await open(padded, 65_536)).equals(content)).toBe(true);
});

test.each([1, 100, 100_000])('zeros behind the data are padding, in chunks of %i', async (size) => {
  const padded = Buffer.concat([gzipSync(content.subarray(0, 5000)), Buffer.alloc(512)]);
  expect(await open(padded, size)).toHaveLength(5000);
});

test.each([100, 70_000, 10_000_000])('other bytes behind the data fail, in chunks of %i', async (size) => {
  const packed = gzipSync(content);
  await expect(open(Buffer.concat([packed, Buffer.from('garbage')]), size)).rejects.toThrow('a.gz is no gzip file, or other bytes follow');
  await expect(open(Buffer.concat([packed, Buffer.alloc(9), Buffer.from('x'), Buffer.alloc(100_000)]), size)).rejects.toThrow(
    `a.gz goes on after its compressed data, at byte ${packed.length}.`,
  );
});

test('a file that is cut off, damaged, empty or no gzip says so, with its name', async () => {
  const packed = gzipSync(content);
  await expect(open(packed.subarray(0, packed.length - 5))).rejects.toThrow(
    `a.gz is cut off: its compressed data ends too early, after ${packed.length - 5} bytes.`,
  );
  await expect(open(packed.subarray(0, 5))).rejects.toThrow('a.gz is cut off');
  const damaged = Buffer.from(packed);
  damaged[packed.length - 6] = (damaged[packed.length - 6] ?? 0) ^ 1;
  await expect(open(damaged)).rejects.toThrow('a.gz is damaged.');
  await expect(open(Buffer.alloc(0))).rejects.toThrow('a.gz is empty');
  await expect(open(Buffer.from('UID,email\n'))).rejects.toThrow('a.gz is no gzip file');
});

test('a file made to fill the disk is stopped', async () => {
  const bomb = Buffer.concat(Array.from({ length: 320 }, () => oneMegabyteOfZeros));
  await expect(open(bomb, 65_536, 500)).rejects.toThrow('a.gz expands to more than 500 times its size');
});

const oneMegabyteOfZeros = gzipSync(Buffer.alloc(1024 * 1024));

test('a fault of the bytes’ origin comes through as it is', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzipSync(content).subarray(0, 20_000);
    throw new Error('The server hung up.');
  }
  await expect(all(gunzip(failing(), { fileName: 'a.gz', maxExpansion: 200 }))).rejects.toThrow('The server hung up.');
});

test('leaving early lets go of the origin', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* origin(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield gzipSync(content);
    } finally {
      resolve();
    }
  }
  for await (const chunk of gunzip(origin(), { fileName: 'a.gz', maxExpansion: 200 })) if (chunk.length > 0) break;
  await promise;
});
