/** A piece of a stream, all of one size but the last one. */
export interface Part {
  /** Belongs to whoever takes the part, until it gives the buffer back. */
  bytes: Buffer;
  /** True for the last part, which may be empty. */
  last: boolean;
}

/**
 * Cuts a stream into parts of one size, each in a buffer of that size that `take` gives; so memory is bounded by the number
 * of buffers, whatever the chunks. A part is given when it is full and more is known to come, or at the end.
 */
export async function* partsOf(chunks: AsyncIterable<Uint8Array>, take: () => Buffer): AsyncGenerator<Part, void, void> {
  let buffer = take();
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === buffer.length) {
        yield { bytes: buffer, last: false };
        buffer = take();
        filled = 0;
      }
      const count = Math.min(chunk.length - at, buffer.length - filled);
      buffer.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
    }
  }
  yield { bytes: buffer.subarray(0, filled), last: true };
}
