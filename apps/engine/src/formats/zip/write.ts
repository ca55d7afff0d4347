import { ZipWriter } from '@zip.js/zip.js';
import { gather } from '../gather.ts';
import { webStream } from '../web-stream.ts';

export interface ZipOptions {
  /** Of the one entry. */
  name: string;
  timeMs: number;
  /** Encrypts with AES-256, as WinZip and 7-Zip do. */
  password?: string | undefined;
}

/** What is compressed at a time, beside the caller in zlib's threads. */
const gatherBytes = 262_144;

/** A zip archive that holds the bytes as its one entry. Of any size: the zip64 form is used where it is needed. */
export async function* zip(chunks: AsyncIterable<Uint8Array>, { name, timeMs, password }: ZipOptions): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stopping = new AbortController();
  const content = webStream(gather(chunks, gatherBytes));
  const writing = writeArchive(writable, content, { name, timeMs, password, signal: stopping.signal });
  // The fault is rethrown below; one that comes after an early return is nobody's.
  writing.catch(() => undefined);
  try {
    for await (const chunk of readable) yield chunk;
    await writing;
  } finally {
    stopping.abort();
    await writing.catch(() => undefined);
  }
}

async function writeArchive(
  writable: WritableStream<Uint8Array>,
  content: ReadableStream<Uint8Array>,
  { name, timeMs, password, signal }: ZipOptions & { signal: AbortSignal },
): Promise<void> {
  const writer = new ZipWriter(writable, { useWebWorkers: false, signal });
  try {
    await writer.add(name, content, {
      lastModDate: new Date(timeMs),
      level: 6,
      ...(password !== undefined && { password, encryptionStrength: 3 }),
    });
    await writer.close();
  } catch (thrown) {
    await Promise.allSettled([content.cancel(), writable.abort(thrown)]);
    throw thrown;
  }
}
