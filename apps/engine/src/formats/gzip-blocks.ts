import os from 'node:os';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

/** Large enough that starting anew costs nothing to speak of, small enough for several to be on their way. */
const blockBytes = 262_144;
/** How far back deflate refers: each block is given the end of the one before it. */
const windowBytes = 32_768;

/** Method deflate, no name, no time, an unknown system. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
/** An empty last block: those before it end with a marker that says more will follow. */
const lastBlock = Uint8Array.of(0x03, 0x00);

const deflateBlock = promisify(
  (block: Uint8Array, options: Parameters<typeof deflateRaw>[1], done: (error: Error | null, bytes: Buffer) => void) =>
    deflateRaw(block, options, done),
);

/**
 * The bytes as one gzip member, level 1 (fast) to 9 (small). Blocks are compressed side by side in zlib's threads, as many at a time as the
 * machine has cores; any gunzip reads them as one.
 */
export async function* gzip(chunks: AsyncIterable<Uint8Array>, { level }: { level: number }): AsyncGenerator<Uint8Array> {
  const atOnce = Math.min(os.availableParallelism(), 4) + 1;
  const waiting: Promise<Buffer>[] = [];
  let window: Uint8Array | undefined;
  let sum = 0;
  let size = 0;
  yield header;
  try {
    for await (const block of blocks(chunks)) {
      const dictionary = window;
      const deflated = deflateBlock(block, {
        level,
        finishFlush: constants.Z_SYNC_FLUSH,
        chunkSize: blockBytes / 2,
        ...(dictionary ? { dictionary } : {}),
      });
      // Awaited in its turn; a failure before then must not count as unhandled.
      deflated.catch(() => undefined);
      waiting.push(deflated);
      sum = crc32(block, sum);
      size += block.length;
      window = block.subarray(-windowBytes);
      if (waiting.length >= atOnce) yield await (waiting.shift() as Promise<Buffer>);
    }
    while (waiting.length > 0) yield await (waiting.shift() as Promise<Buffer>);
  } finally {
    await Promise.allSettled(waiting);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield Buffer.concat([lastBlock, trailer]);
}

async function* blocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    if (size < blockBytes) continue;
    const bytes = pending.length === 1 ? chunk : Buffer.concat(pending);
    let at = 0;
    for (; at + blockBytes <= bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes);
    pending = at < bytes.length ? [bytes.subarray(at)] : [];
    size = bytes.length - at;
  }
  if (size > 0) yield Buffer.concat(pending);
}
