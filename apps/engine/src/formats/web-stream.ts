import { ReadableStream as NodeWebStream } from 'node:stream/web';

/** Chunks as the stream that libraries for browsers and servers take. Leaving it early ends the iteration. */
export const webStream = (chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  NodeWebStream.from(chunks) as ReadableStream<Uint8Array>;
