import { createHash, randomUUID } from 'node:crypto';
import { CancelledError, callRetries, FatalError, type FlowFile, RetryableError, tellRetry, withRetries } from '#dataflow';
import type { ApiAnswer } from '../http-api.ts';
import { type Part, partsOf } from '../parts-of.ts';
import { failureOf } from './refusals.ts';
import { type GcsSession, sessionAddress } from './session.ts';

const MiB = 1024 * 1024;
/** Bytes of a part; the API wants a multiple of 256 KiB. */
const PART = 16 * MiB;

/**
 * Uploads a file under a key: in one call when it fits into a part, else in parts, of which the API shows nothing until the
 * last one is there. The API compares the MD5 of the whole before that. Resolves to the bytes.
 */
export async function uploadObject(session: GcsSession, file: FlowFile, key: string): Promise<number> {
  const upload = new ObjectUpload(session, key);
  try {
    for await (const part of partsOf(file.read(), () => upload.takeBuffer())) {
      if (part.last && upload.isUnbegun) return await upload.putWhole(part.bytes);
      await upload.add(part);
    }
    return await upload.complete();
  } catch (thrown) {
    await upload.withdraw();
    throw thrown;
  }
}

/** Proves the right to write under a key by beginning an upload and cancelling it; no object is made. */
export async function probeUpload(session: GcsSession, key: string): Promise<void> {
  const upload = new ObjectUpload(session, key);
  await upload.begin();
  await upload.cancel();
}

/** One object on its way: a part is sent while the next is being filled. */
class ObjectUpload {
  readonly #session: GcsSession;
  readonly #key: string;
  readonly #buffers: Buffer[] = [];
  readonly #hash = createHash('md5');
  #address: string | undefined;
  #sending: Promise<void> = Promise.resolve();
  #bytes = 0;

  constructor(session: GcsSession, key: string) {
    this.#session = session;
    this.#key = key;
  }

  get isUnbegun(): boolean {
    return this.#address === undefined;
  }

  takeBuffer(): Buffer {
    return this.#buffers.pop() ?? Buffer.allocUnsafeSlow(PART);
  }

  async putWhole(bytes: Buffer): Promise<number> {
    const boundary = randomUUID();
    const metadata = JSON.stringify({ name: this.#key, md5Hash: createHash('md5').update(bytes).digest('base64') });
    const head = `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${metadata}\r\n`;
    const content = Buffer.concat([
      Buffer.from(`${head}--${boundary}\r\nContent-Type: application/octet-stream\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const body = { type: `multipart/related; boundary=${boundary}`, content };
    const path = this.#session.path(undefined, { upload: true });
    await this.#repeated(() => this.#session.call({ path, query: { uploadType: 'multipart' }, body }));
    return bytes.length;
  }

  async begin(): Promise<string> {
    const { headers } = await this.#repeated(() =>
      this.#session.call({
        path: this.#session.path(undefined, { upload: true }),
        query: { uploadType: 'resumable' },
        json: { name: this.#key },
        headers: { 'x-upload-content-type': 'application/octet-stream' },
      }),
    );
    this.#address = sessionAddress(this.#session, headers.location);
    return this.#address;
  }

  /** Resolves when there is room for one more part. Throws what the part before failed with. */
  async add(part: Part): Promise<void> {
    const address = this.#address ?? (await this.begin());
    this.#hash.update(part.bytes);
    await this.#sending;
    this.#sending = this.#sendPart(address, part);
    // Met at the next part or at the end.
    this.#sending.catch(() => {});
  }

  async complete(): Promise<number> {
    await this.#sending;
    return this.#bytes;
  }

  /** Cancels the upload, as far as the API can be reached. What is not cancelled is forgotten by the API after a week. */
  async withdraw(): Promise<void> {
    await this.#sending.catch(() => {});
    if (this.#address === undefined) return;
    await this.cancel().catch((thrown: Error) =>
      this.#session.log.warn(`The unfinished upload of ${this.#key} could not be cancelled; it is dropped after a week. ${thrown.message}`),
    );
  }

  async cancel(): Promise<void> {
    if (this.#address !== undefined) await this.#session.tidy({ method: 'DELETE', path: this.#address });
  }

  /** Sends a part until the API has all of it: it may keep less than was sent, and after a fault it is asked how much it has. */
  async #sendPart(address: string, { bytes, last }: Part): Promise<void> {
    const start = this.#bytes;
    const end = start + bytes.length;
    let from = start;
    let isSure = true;
    await this.#repeated(async () => {
      for (;;) {
        const isAsking = !isSure;
        isSure = false;
        const range = isAsking ? '*/*' : rangeOf({ from, end, last });
        const answer = await this.#put(address, isAsking ? bytes.subarray(0, 0) : bytes.subarray(from - start), {
          'content-range': `bytes ${range}`,
          ...(last && !isAsking ? { 'x-goog-hash': `md5=${this.#hash.copy().digest('base64')}` } : {}),
        });
        isSure = true;
        if (answer.status !== 308) return;
        const kept = keptOf(answer);
        if (kept < start || kept > end) throw this.#lost(kept, start);
        if (!last && kept === end) return;
        if (!isAsking && kept === from && end > from) throw this.#stuck(kept);
        from = kept;
      }
    });
    this.#bytes = end;
    if (bytes.length === PART) this.#buffers.push(bytes);
  }

  #put(address: string, content: Uint8Array, headers: Record<string, string>): Promise<ApiAnswer> {
    const body = { type: 'application/octet-stream', content };
    return this.#session.call({ method: 'PUT', path: address, body, headers });
  }

  #repeated<T>(call: () => Promise<T>): Promise<T> {
    const { signal, log, settings } = this.#session;
    return withRetries(call, { signal, policy: settings.retries ?? callRetries, onRetry: tellRetry(log) }).catch((thrown: unknown) => {
      throw signal.aborted ? new CancelledError() : failureOf(`Writing ${this.#key}`, thrown);
    });
  }

  #stuck(kept: number): RetryableError {
    return new RetryableError(`${this.#session.settings.endpoint} keeps no more of ${this.#key} than ${kept} bytes.`, {
      code: 'targetRefused',
    });
  }

  #lost(kept: number, start: number): FatalError {
    return new FatalError(
      `${this.#session.settings.endpoint} has ${kept} bytes of ${this.#key}, where it had ${start} before. Run the job again.`,
      {
        code: 'targetRefused',
        details: { key: this.#key },
      },
    );
  }
}

function rangeOf({ from, end, last }: { from: number; end: number; last: boolean }): string {
  const total = last ? end : '*';
  return from === end ? `*/${total}` : `${from}-${end - 1}/${total}`;
}

/** The bytes an upload has, as 308 tells: `Range: bytes=0-41`, or no such header when it has none. */
function keptOf({ headers }: ApiAnswer): number {
  const found = /^bytes=0-(\d+)$/.exec(String(headers.range ?? ''));
  return found ? Number(found[1]) + 1 : 0;
}
