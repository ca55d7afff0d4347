import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CancelledError, type Connection, type FlowFile, RetryableError } from '#dataflow';
import { faultText, type NetworkContext } from './network.ts';
import { keyPrefix, type ListedObject, objectKey } from './object-keys.ts';
import { resumedRead } from './resumed-read.ts';
import { S3Session } from './s3/session.ts';
import { placeOf, type S3Settings } from './s3/settings.ts';
import { probeUpload, uploadObject } from './s3/upload.ts';

export interface S3Purpose {
  /** What the keys in question begin with. */
  prefix: string;
  use: 'read' | 'write';
}

/** A bucket of Amazon S3, or of a server that speaks its protocol. */
export interface S3Connection extends Connection {
  /** All objects whose keys begin with the prefix, page by page. */
  list(prefix: string): Promise<ListedObject[]>;
  /** The bytes of an object as it is when reading begins. */
  read(key: string): AsyncIterable<Uint8Array>;
  /**
   * Uploads a file in parts, of which nothing is seen until the last call joins them; an object of the same key is replaced
   * by then. On failure the parts are removed. Resolves to the bytes.
   */
  upload(file: FlowFile, key: string): Promise<number>;
}

/** Makes no call: the first request finds out whether the settings are right. */
export async function openS3(settings: S3Settings, context: NetworkContext, { prefix, use }: S3Purpose): Promise<S3Connection> {
  const session = new S3Session(settings, context);
  return {
    list: (prefix) => listObjects(session, prefix),
    read: (key) => resumedRead({ path: key, from: readFrom(session, key), signal: context.signal, log: context.log }),
    upload: (file, key) => uploadObject(session, file, key),
    test: () => (use === 'read' ? probeRead(session, prefix) : probeWrite(session, prefix)),
    [Symbol.asyncDispose]: async () => session.close(),
  };
}

const requestPage = (session: S3Session, Prefix: string, page: { ContinuationToken?: string | undefined; MaxKeys?: number }) =>
  session.request({
    doing: `Listing ${Prefix === '' ? 'the bucket' : Prefix}`,
    permission: 's3:ListBucket',
    act: (client, options) => client.send(new ListObjectsV2Command({ Bucket: session.settings.bucket, Prefix, ...page }), options),
  });

async function listObjects(session: S3Session, prefix: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await requestPage(session, keyPrefix(prefix), { ContinuationToken });
    for (const { Key, Size = 0, LastModified } of page.Contents ?? [])
      if (Key !== undefined) objects.push({ key: Key, size: Size, modifiedMs: LastModified?.getTime() ?? 0 });
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
  return objects;
}

/** The bytes of one version of an object from a position on; the version is the one that the first call finds. */
function readFrom(session: S3Session, key: string): (position: number) => AsyncGenerator<Uint8Array, void, void> {
  let version: { etag: string | undefined; size: number } | undefined;
  const request = (position: number) =>
    session.request({
      doing: `Reading ${key}`,
      permission: 's3:GetObject',
      act: (client, options) =>
        client.send(
          new GetObjectCommand({
            Bucket: session.settings.bucket,
            Key: key,
            ...(version === undefined ? {} : { IfMatch: version.etag, Range: `bytes=${position}-` }),
          }),
          options,
        ),
    });
  return async function* (position) {
    if (position === version?.size) return;
    const { Body, ETag, ContentLength = 0 } = await request(position);
    version ??= { etag: ETag, size: ContentLength };
    const body = Body as Readable;
    let end = position;
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        end += chunk.length;
        yield chunk;
      }
    } catch (thrown) {
      throw cutError(session, { key, cause: faultText(thrown), thrown });
    } finally {
      body.destroy();
    }
    if (end !== version.size) throw cutError(session, { key, cause: `it ended after ${end} of ${version.size} bytes` });
  };
}

function cutError({ settings, signal }: S3Session, { key, cause, thrown }: { key: string; cause: string; thrown?: unknown }): Error {
  if (signal.aborted) return new CancelledError();
  return new RetryableError(`Reading ${key} from ${placeOf(settings)} was cut: ${cause}.`, {
    code: 'connectionFailed',
    cause: thrown,
    details: { bucket: settings.bucket, key },
  });
}

async function probeRead(session: S3Session, prefix: string): Promise<string> {
  const { KeyCount = 0 } = await requestPage(session, keyPrefix(prefix), { MaxKeys: 1 });
  const what = prefix === '' ? 'it' : `what begins with ${keyPrefix(prefix)}`;
  return `${placeOf(session.settings)} can be listed; ${KeyCount === 0 ? 'there are no objects' : 'there are objects'} in ${what}.`;
}

async function probeWrite(session: S3Session, prefix: string): Promise<string> {
  const key = objectKey(prefix, `.idsync-test-${randomUUID()}`);
  await probeUpload(session, key);
  return `Files can be written to ${placeOf(session.settings)}: an upload of ${key} was begun and dropped, nothing was left.`;
}
