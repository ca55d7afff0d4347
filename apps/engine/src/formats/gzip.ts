import { createGunzip, type Gunzip } from 'node:zlib';
import { FatalError, isStudioError } from '#dataflow';
import { checkExpansion, type ExpansionLimit } from './expansion.ts';
import { gather } from './gather.ts';

const chunkBytes = 262_144;
/** Below this, pieces are joined before they go to zlib, whose calls are dear. */
const gatherBytes = 65_536;

/**
 * The bytes of a gzip file of one or more members; zeros behind the last one are padding.
 * Throws a FatalError that names the file when it is empty, cut off, damaged, followed by other bytes, or expands beyond the limit.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>, limit: ExpansionLimit): AsyncGenerator<Uint8Array> {
  const { fileName } = limit;
  const inflate = createGunzip({ chunkSize: chunkBytes });
  const input = new WatchedInput(chunks, inflate);
  let output = 0;
  try {
    for await (const chunk of through(input.chunks(), inflate)) {
      output += chunk.length;
      checkExpansion(limit, inflate.bytesWritten, output);
      yield chunk;
    }
  } catch (thrown) {
    throw asFileError(thrown, fileName, input.offset);
  }
  if (!input.endsInZeros()) throw malformed(`${fileName} goes on after its compressed data, at byte ${inflate.bytesWritten}.`, fileName);
}

const malformed = (message: string, file: string, cause?: unknown): FatalError =>
  new FatalError(message, { code: 'malformedFile', cause, details: { file } });

function asFileError(thrown: unknown, fileName: string, read: number): unknown {
  if (isStudioError(thrown) || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  if (read === 0) return malformed(`${fileName} is empty, so it is no gzip file.`, fileName, thrown);
  if (thrown.code === 'Z_BUF_ERROR')
    return malformed(`${fileName} is cut off: its compressed data ends too early, after ${read} bytes.`, fileName, thrown);
  if (thrown.code !== 'Z_DATA_ERROR') return thrown;
  const what = thrown.message.includes('header check') ? 'is no gzip file, or other bytes follow its compressed data' : 'is damaged';
  return malformed(`${fileName} ${what}.`, fileName, thrown);
}

async function* through(chunks: AsyncIterable<Uint8Array>, transform: Gunzip): AsyncGenerator<Uint8Array> {
  const feeding = feed(chunks, transform);
  try {
    for await (const chunk of transform) yield chunk;
    await feeding;
  } finally {
    transform.destroy();
  }
}

/** Writes all chunks, or those up to where the transform ends by itself; the others are read and dropped. Faults of the chunks become the transform's. */
async function feed(chunks: AsyncIterable<Uint8Array>, transform: Gunzip): Promise<void> {
  let ended = false;
  transform.once('end', () => {
    ended = true;
  });
  try {
    for await (const chunk of chunks) {
      if (ended) continue;
      if (transform.destroyed) return;
      if (!transform.write(chunk)) await canGoOn(transform);
    }
    if (!ended) transform.end();
  } catch (thrown) {
    transform.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}

/** Resolves when the transform takes more, or never will: at the end of its data it does not ask for more. */
function canGoOn(transform: Gunzip): Promise<void> {
  const events = ['drain', 'end', 'close'];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) transform.off(event, done);
      resolve();
    };
    for (const event of events) transform.on(event, done);
  });
}

/** Remembers the bytes zlib has not taken yet, to look at what follows the last member. */
class WatchedInput {
  /** Bytes read so far. */
  offset = 0;
  readonly #chunks: AsyncIterable<Uint8Array>;
  readonly #inflate: Gunzip;
  #waiting: { start: number; chunk: Uint8Array }[] = [];
  #zeros = true;

  constructor(chunks: AsyncIterable<Uint8Array>, inflate: Gunzip) {
    this.#chunks = chunks;
    this.#inflate = inflate;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of gather(this.#chunks, gatherBytes)) {
      if (this.#inflate.readableEnded) this.#look();
      const taken = this.#inflate.bytesWritten;
      this.#waiting = this.#waiting.filter(({ start, chunk }) => start + chunk.length > taken);
      this.#waiting.push({ start: this.offset, chunk });
      this.offset += chunk.length;
      yield chunk;
    }
  }

  /** Whether nothing but zeros came after the data; asked for when zlib has ended. */
  endsInZeros(): boolean {
    this.#look();
    return this.#zeros;
  }

  #look(): void {
    const taken = this.#inflate.bytesWritten;
    this.#zeros &&= this.#waiting.every(({ start, chunk }) => chunk.subarray(Math.max(0, taken - start)).every((byte) => byte === 0));
    this.#waiting = [];
  }
}
