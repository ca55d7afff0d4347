import { spawnSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gzip } from './gzip-blocks.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const content = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i},name ${i * 7919}\n`).join(''));

test.each([1, 6, 9])('what level %i compresses in blocks, zlib reads back as one member', async (level) => {
  for (const size of [777, 262_144, 300_001, 5_000_000])
    expect(gunzipSync(await all(gzip(inChunks(content, size), { level }))).equals(content)).toBe(true);
});

test.each([0, 1, 262_143, 262_144, 262_145, 524_288])('%i bytes come back', async (size) => {
  const bytes = content.subarray(0, size);
  expect(gunzipSync(await all(gzip(inChunks(bytes, 1000), { level: 6 }))).equals(bytes)).toBe(true);
});

test('blocks cost no more than a hundredth of the size, since each knows the end of the one before', async () => {
  const blocks = await all(gzip(inChunks(content, 65_536), { level: 6 }));
  expect(blocks.length).toBeLessThan(gzipSync(content, { level: 6 }).length * 1.01);
});

test('the gzip command reads it', async () => {
  const { status, stdout } = spawnSync('gzip', ['-dc'], {
    input: await all(gzip(inChunks(content, 65_536), { level: 6 })),
    maxBuffer: 1e8,
  });
  expect(status).toBe(0);
  expect(stdout.equals(content)).toBe(true);
});

test('a fault of the bytes ends it, and so does a reader that leaves early', async () => {
  async function* failing() {
    yield content;
    throw new Error('gone');
  }
  await expect(all(gzip(failing(), { level: 6 }))).rejects.toThrow('gone');
  let ended = false;
  async function* watched() {
    try {
      for (;;) yield content;
    } finally {
      ended = true;
    }
  }
  let parts = 0;
  for await (const _ of gzip(watched(), { level: 1 })) if (++parts > 5) break;
  expect(ended).toBe(true);
});
