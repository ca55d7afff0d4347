import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  NoSuchUpload,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { FatalError, type FlowFile } from '#dataflow';
import { type Part, partsOf } from '../parts-of.ts';
import type { S3Request, S3Session } from './session.ts';

const MiB = 1024 * 1024;
/** Bytes of a part, when the whole is not larger than so many parts of it. */
const PART = 16 * MiB;
/** The protocol's limit. */
const MOST_PARTS = 10_000;
/** Parts on their way at a time. One more is being filled. */
const AT_ONCE = 3;

/** Uploads a file under a key, in parts when it is longer than one; it stands there when the last answer says so, not before. Resolves to its bytes. */
export async function uploadObject(session: S3Session, file: FlowFile, key: string): Promise<number> {
  const upload = new ObjectUpload(session, key, partSize(file.size ?? 0));
  try {
    for await (const part of partsOf(file.read(), () => upload.takeBuffer())) {
      if (part.last && upload.isUnbegun) return await upload.putWhole(part.bytes);
      await upload.add(part);
    }
    return await upload.complete();
  } catch (thrown) {
    await upload.withdraw();
    throw thrown;
  } finally {
    upload.release();
  }
}

const partSize = (fileSize: number): number => Math.max(PART, Math.ceil(fileSize / MOST_PARTS / MiB) * MiB);

/** Proves the right to write under a key by beginning an upload and dropping it; no object is made. */
export async function probeUpload(session: S3Session, key: string): Promise<void> {
  const upload = new ObjectUpload(session, key, 0);
  try {
    await upload.begin();
    await upload.drop();
  } finally {
    upload.release();
  }
}

/** One object on its way. Parts are numbered in the order they are added and sent a few at a time. */
class ObjectUpload {
  readonly #session: S3Session;
  readonly #place: { Bucket: string; Key: string };
  readonly #partSize: number;
  readonly #doing: string;
  readonly #stop = new AbortController();
  readonly #onStop = () => this.#stop.abort();
  readonly #going = new Set<Promise<void>>();
  readonly #parts: CompletedPart[] = [];
  readonly #buffers: Buffer[] = [];
  #bytes = 0;
  #uploadId: string | undefined;
  #fault: { thrown: unknown } | undefined;

  constructor(session: S3Session, key: string, partSize: number) {
    this.#session = session;
    this.#place = { Bucket: session.settings.bucket, Key: key };
    this.#partSize = partSize;
    this.#doing = `Writing ${key}`;
    session.signal.addEventListener('abort', this.#onStop, { once: true });
  }

  get isUnbegun(): boolean {
    return this.#uploadId === undefined;
  }

  /** Memory for the next part, from one that was sent where there is one. */
  takeBuffer(): Buffer {
    return this.#buffers.pop() ?? Buffer.allocUnsafeSlow(this.#partSize);
  }

  async putWhole(bytes: Buffer): Promise<number> {
    await this.#session.settleRegion();
    const command = new PutObjectCommand({ ...this.#place, Body: bytes, ContentLength: bytes.length });
    await this.#request((client, options) => client.send(command, options));
    return bytes.length;
  }

  async begin(): Promise<string> {
    const command = new CreateMultipartUploadCommand(this.#place);
    const { UploadId } = await this.#request((client, options) => client.send(command, options));
    if (UploadId === undefined) throw new FatalError(`${this.#doing} failed: the server gave no upload id.`, { code: 'targetRefused' });
    this.#uploadId = UploadId;
    return UploadId;
  }

  /** Resolves when there is room for one more part. Throws what any part before failed with. */
  async add({ bytes }: Part): Promise<void> {
    const UploadId = this.#uploadId ?? (await this.begin());
    if (this.#parts.length === MOST_PARTS) throw this.#tooLong();
    const part: CompletedPart = { PartNumber: this.#parts.length + 1 };
    this.#parts.push(part);
    this.#bytes += bytes.length;
    const sending = this.#sendPart(part, UploadId, bytes).catch((thrown) => {
      this.#fault ??= { thrown };
    });
    this.#going.add(sending);
    void sending.then(() => this.#going.delete(sending));
    while (this.#going.size >= AT_ONCE && !this.#fault) await Promise.race(this.#going);
    if (this.#fault) throw this.#fault.thrown;
  }

  async #sendPart(part: CompletedPart, UploadId: string, bytes: Buffer): Promise<void> {
    const { PartNumber } = part;
    const command = new UploadPartCommand({ ...this.#place, UploadId, PartNumber, Body: bytes, ContentLength: bytes.length });
    const { ETag } = await this.#request((client, options) => client.send(command, options));
    part.ETag = ETag;
    if (bytes.length === this.#partSize) this.#buffers.push(bytes);
  }

  async complete(): Promise<number> {
    await Promise.all(this.#going);
    if (this.#fault) throw this.#fault.thrown;
    const command = new CompleteMultipartUploadCommand({
      ...this.#place,
      UploadId: this.#uploadId,
      MultipartUpload: { Parts: this.#parts },
    });
    await this.#request((client, options) => client.send(command, options));
    return this.#bytes;
  }

  /** Removes what was sent, as far as the server can be reached. */
  async withdraw(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#going);
    if (this.#uploadId === undefined) return;
    try {
      // A part that was cut may have been received after the first removal; it is gone for sure when the upload is unknown.
      for (let tries = 0; tries < 3 && (await this.drop()); tries++);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      this.#session.log.warn(`Uploaded parts of ${this.#place.Key} are left in the bucket; a lifecycle rule can remove them. ${why}`);
    }
  }

  /** False when the server does not know the upload any more. */
  async drop(): Promise<boolean> {
    const command = new AbortMultipartUploadCommand({ ...this.#place, UploadId: this.#uploadId });
    const isKnown = this.#session.request({
      doing: `Removing the unfinished upload of ${this.#place.Key}`,
      permission: 's3:AbortMultipartUpload',
      always: true,
      act: (client, options) =>
        client.send(command, options).then(
          () => true,
          (thrown) => {
            if (thrown instanceof NoSuchUpload || (thrown instanceof Error && thrown.name === 'NoSuchUpload')) return false;
            throw thrown;
          },
        ),
    });
    return isKnown;
  }

  release(): void {
    this.#session.signal.removeEventListener('abort', this.#onStop);
  }

  #request<T>(act: S3Request<T>['act']): Promise<T> {
    return this.#session.request({ doing: this.#doing, permission: 's3:PutObject', act, signal: this.#stop.signal });
  }

  #tooLong(): FatalError {
    const limit = Math.floor((MOST_PARTS * this.#partSize) / (1024 * MiB));
    return new FatalError(`${this.#doing} failed: the file is longer than ${limit} GiB. Split it, for example by maxFileSize.`, {
      code: 'limitExceeded',
      details: { key: this.#place.Key },
    });
  }
}
