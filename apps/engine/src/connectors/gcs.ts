import { randomUUID } from 'node:crypto';
import { type Connection, type FlowFile, type Json, RetryableError, retriedRead } from '#dataflow';
import { failureOf } from './gcs/refusals.ts';
import { GcsSession } from './gcs/session.ts';
import type { GcsSettings } from './gcs/settings.ts';
import { probeUpload, uploadObject } from './gcs/upload.ts';
import type { NetworkContext } from './network.ts';
import { keyPrefix, type ListedObject, objectKey } from './object-keys.ts';
import { resumedRead } from './resumed-read.ts';

export interface GcsPurpose {
  /** What the names in question begin with. */
  prefix: string;
  use: 'read' | 'write';
}

/** A bucket of Google Cloud Storage. */
export interface GcsConnection extends Connection {
  /** All objects whose names begin with the prefix, page by page. */
  list(prefix: string): Promise<ListedObject[]>;
  /** The bytes of an object as they are stored when reading begins. */
  read(key: string): AsyncIterable<Uint8Array>;
  /** Uploads a file, of which nothing is seen until all is there; an object of the same name is replaced by then. Resolves to the bytes. */
  upload(file: FlowFile, key: string): Promise<number>;
}

/** Makes no call: the first one fetches a token. Throws a ConfigError when the private key cannot be used. */
export async function openGcs(settings: GcsSettings, context: NetworkContext, { prefix, use }: GcsPurpose): Promise<GcsConnection> {
  const session = new GcsSession(settings, context, use);
  return {
    list: (prefix) => listObjects(session, keyPrefix(prefix)),
    read: (key) => resumedRead({ path: key, from: readFrom(session, key), signal: context.signal, log: context.log }),
    upload: (file, key) => uploadObject(session, file, key),
    test: () => (use === 'read' ? probeRead(session, keyPrefix(prefix)) : probeWrite(session, prefix)),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

const FIELDS = 'nextPageToken,items(name,size,timeCreated)';

interface Page {
  items?: { name: string; size: string; timeCreated: string }[];
  nextPageToken?: string;
}

async function requestPage(
  session: GcsSession,
  query: { prefix: string; pageToken?: string | undefined; maxResults: number },
): Promise<Page> {
  const call = { path: session.path(), query: { ...query, fields: FIELDS } };
  const { json } = await retriedRead(() => session.call(call), session).catch((thrown: unknown) => {
    throw failureOf(`Listing ${query.prefix === '' ? 'the bucket' : query.prefix}`, thrown);
  });
  return (json as Json & Page) ?? {};
}

async function listObjects(session: GcsSession, prefix: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let pageToken: string | undefined;
  do {
    const page = await requestPage(session, { prefix, pageToken, maxResults: 1000 });
    for (const { name, size, timeCreated } of page.items ?? []) {
      objects.push({ key: name, size: Number(size), modifiedMs: Date.parse(timeCreated) });
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return objects;
}

/** The bytes of one generation of an object from a position on; the generation is the one that the first call finds. */
function readFrom(session: GcsSession, key: string): (position: number) => AsyncGenerator<Uint8Array, void, void> {
  let version: { generation: string; size: number } | undefined;
  return async function* (position) {
    if (position === version?.size) return;
    const query = { alt: 'media', ...(version === undefined ? {} : { ifGenerationMatch: version.generation }) };
    // Without gzip in accept-encoding the API unpacks what is stored with that encoding, and then knows no ranges.
    const headers = { 'accept-encoding': 'gzip', ...(version === undefined ? {} : { range: `bytes=${position}-` }) };
    const answer = await session.open(session.path(key), query, headers).catch((thrown: unknown) => {
      throw failureOf(`Reading ${key}`, thrown);
    });
    version ??= versionOf(answer.headers);
    let end = position;
    for await (const chunk of answer.body) {
      end += chunk.length;
      yield chunk;
    }
    if (end !== version.size) throw endedEarly(session, { key, end, size: version.size });
  };
}

function versionOf(headers: Record<string, string | string[] | undefined>): { generation: string; size: number } {
  const size = headers['x-goog-stored-content-length'] ?? headers['content-length'];
  return { generation: String(headers['x-goog-generation'] ?? ''), size: Number(size) };
}

const endedEarly = ({ settings: { bucket } }: GcsSession, { key, end, size }: { key: string; end: number; size: number }): RetryableError =>
  new RetryableError(`Reading ${key} from gs://${bucket} was cut: it ended after ${end} of ${size} bytes.`, {
    code: 'connectionFailed',
    details: { bucket, key },
  });

async function probeRead(session: GcsSession, prefix: string): Promise<string> {
  const { items = [] } = await requestPage(session, { prefix, maxResults: 1 });
  const what = prefix === '' ? 'it' : `what begins with ${prefix}`;
  return `gs://${session.settings.bucket} can be listed; ${items.length === 0 ? 'there are no objects' : 'there are objects'} in ${what}.`;
}

async function probeWrite(session: GcsSession, prefix: string): Promise<string> {
  const key = objectKey(prefix, `.idsync-test-${randomUUID()}`);
  await probeUpload(session, key);
  return `Files can be written to gs://${session.settings.bucket}: an upload of ${key} was begun and cancelled, nothing was left.`;
}
