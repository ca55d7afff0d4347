import { adler32 } from './adler32.ts';
import { Lzo1xCompressor } from './lzo1x-compress.ts';
import { writeLzopHeader } from './lzop-header.ts';

/** What lzop compresses at a time. */
const blockBytes = 262_144;

export interface LzopOptions {
  /** Name and time that the header keeps. */
  name: string;
  timeMs: number;
  /** Called with the position of each block in the file, in order. */
  onBlock?(position: number): void;
}

/** The bytes as an lzop file: blocks of 256 KiB, each with the Adler-32 sum of its data. */
export async function* writeLzop(chunks: AsyncIterable<Uint8Array>, { name, timeMs, onBlock }: LzopOptions): AsyncGenerator<Uint8Array> {
  const header = writeLzopHeader({ name, timeMs });
  let position = header.length;
  yield header;
  const compressor = new Lzo1xCompressor();
  for await (const data of blocksOf(chunks)) {
    const block = encodeBlock(compressor, data);
    onBlock?.(position);
    position += block.length;
    yield block;
  }
  yield new Uint8Array(4);
}

/** Both lengths, the sum and the bytes; data that does not shrink stands there as it is. */
function encodeBlock(compressor: Lzo1xCompressor, data: Uint8Array): Uint8Array {
  const packed = compressor.compress(data);
  const content = packed.length < data.length ? packed : data;
  const block = Buffer.allocUnsafe(12 + content.length);
  block.writeUInt32BE(data.length, 0);
  block.writeUInt32BE(content.length, 4);
  block.writeUInt32BE(adler32(data), 8);
  block.set(content, 12);
  return block;
}

/** The block it yields is overwritten by the next. */
async function* blocksOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(blockBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const count = Math.min(blockBytes - filled, chunk.length - at);
      block.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled < blockBytes) continue;
      yield block;
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/**
 * The `.index` file beside an lzop file, by which Hadoop splits it: the position of each block, 8 bytes each, most significant first. So
 * made by the indexer of hadoop-lzo (LzoIndex.createIndex).
 */
export function lzopIndex(positions: readonly number[]): Uint8Array {
  const index = Buffer.alloc(positions.length * 8);
  positions.forEach((position, i) => {
    index.writeBigUInt64BE(BigInt(position), i * 8);
  });
  return index;
}
