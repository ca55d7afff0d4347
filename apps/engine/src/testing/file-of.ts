import type { FlowFile } from '#dataflow';

/** How many streams were begun and neither ended nor let go. */
export interface OpenStreams {
  open: number;
}

export interface FileOfOptions {
  /** Bytes in one chunk; 64 KiB when not given. */
  chunkSize?: number | undefined;
  streams?: OpenStreams;
}

/** A file out of memory; each chunk has memory of its own, so that a reader that keeps or changes one is found out. */
export function fileOf(
  name: string,
  content: string | Uint8Array,
  { chunkSize = 65_536, streams = { open: 0 } }: FileOfOptions = {},
): FlowFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name, size: bytes.length, read: () => tracked(chunksOf(bytes, chunkSize), streams) };
}

/** Cuts bytes into chunks of one size. */
export async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.slice(i, i + size);
}

/** The same items, counted among the open streams from the first until the end or an early return. */
export async function* tracked<T>(items: AsyncIterable<T>, streams: OpenStreams): AsyncGenerator<T> {
  streams.open++;
  try {
    yield* items;
  } finally {
    streams.open--;
  }
}
