import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { badRequest, noSession } from './gcs-error.ts';
import type { Draft, ObjectStore, StoredObject } from './object-store.ts';

/** Pieces of an upload but the last are multiples of this, and a piece that is cut is kept up to one. */
const UNIT = 256 * 1024;

/** What a client hears of a session: the object when it is complete, else how many bytes are kept. */
export type Progress = { object: StoredObject } | { kept: number };

interface Session {
  draft: Draft;
  object: StoredObject | undefined;
}

/** Resumable uploads ("Performing resumable uploads"): bytes are kept from request to request, and the object appears with the last one. */
export class UploadSessions {
  readonly #store: ObjectStore;
  readonly #sessions = new Map<string, Session>();
  /** Tells which of the next pieces are kept in half only, as a server may do that is asked to shut down. */
  halves = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  get unfinished(): string[] {
    return [...this.#sessions.values()].filter(({ object }) => !object).map(({ draft }) => draft.name);
  }

  begin(draft: Draft): string {
    const id = randomUUID();
    this.#sessions.set(id, { draft, object: undefined });
    return id;
  }

  draftOf(id: string): Draft {
    return this.#get(id).draft;
  }

  cancel(id: string): void {
    this.#store.drop(this.#get(id).draft);
    this.#sessions.delete(id);
  }

  clear(): void {
    for (const [id, { object }] of this.#sessions) if (!object) this.cancel(id);
    this.#sessions.clear();
    this.halves = 0;
  }

  /** Takes one request of a session. `md5` is what the client says of the whole, with the last piece. */
  async put(id: string, request: IncomingMessage, md5: string | undefined): Promise<Progress> {
    const session = this.#get(id);
    if (session.object) return { object: session.object };
    const { draft } = session;
    const range = readRange(request);
    if (range.from !== undefined) await this.#keep(draft, request, { ...range, from: range.from });
    if (range.total === undefined || draft.size < range.total) return { kept: draft.size };
    const kept = draft.hash.copy().digest('base64');
    if (md5 !== undefined && md5 !== kept) throw badRequest(`Provided MD5 hash "${md5}" doesn't match calculated MD5 hash "${kept}".`);
    if (draft.size === 0) await (await open(draft.file, 'w')).close();
    session.object = this.#store.publish(draft);
    return { object: session.object };
  }

  #get(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw noSession();
    return session;
  }

  async #keep(draft: Draft, request: IncomingMessage, range: Required<Pick<ContentRange, 'from'>> & ContentRange): Promise<void> {
    const { length = 0, total, from = 0 } = range;
    if (from > draft.size) throw badRequest(exceeding(from, draft.size));
    if (total === undefined && length % UNIT !== 0) throw badRequest(uneven);
    const half = this.halves > 0 && length >= 2 * UNIT;
    if (half) this.halves--;
    const end = half ? from + Math.floor(length / 2 / UNIT) * UNIT : from + length;
    const file = await open(draft.file, 'a');
    let at = from;
    let kept: Buffer[] = [];
    let waiting = 0;
    const store = async (bytes: Buffer) => {
      await file.appendFile(bytes);
      draft.hash.update(bytes);
      draft.size += bytes.length;
    };
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        const fresh = chunk.subarray(Math.max(draft.size + waiting - at, 0), Math.max(end - at, 0));
        at += chunk.length;
        if (fresh.length === 0) continue;
        kept.push(fresh);
        waiting += fresh.length;
        if (waiting < UNIT) continue;
        const all = Buffer.concat(kept);
        const whole = waiting - (waiting % UNIT);
        await store(all.subarray(0, whole));
        kept = [all.subarray(whole)];
        waiting -= whole;
      }
      if (at !== from + length) throw badRequest('The body is not as long as its Content-Range says.');
      if (waiting > 0) await store(Buffer.concat(kept));
    } finally {
      await file.close();
    }
  }
}

interface ContentRange {
  /** Undefined asks for the state, or ends an upload whose bytes are all there. */
  from?: number;
  length?: number;
  /** Undefined while more is to come. */
  total?: number;
}

function readRange({ headers }: IncomingMessage): ContentRange {
  const text = headers['content-range'];
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length)) throw badRequest('A Content-Length is needed.');
  if (text === undefined) return { from: 0, length, total: length };
  const found = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(text);
  if (!found) throw badRequest(`Failed to parse Content-Range header: ${text}`);
  const [, from, to, total] = found;
  const end = total === '*' ? {} : { total: Number(total) };
  if (from === undefined) return end;
  if (Number(to) - Number(from) + 1 !== length) throw badRequest('Content-Length does not agree with Content-Range.');
  return { from: Number(from), length, ...end };
}

const exceeding = (from: number, size: number) =>
  `Invalid request.  According to the Content-Range header, the upload offset is ${from} byte(s), which exceeds already uploaded size of ${size} byte(s).`;
const uneven = `Invalid request.  The number of bytes uploaded is required to be equal or greater than ${UNIT}, except for the final request (it's recommended to be the exact multiple of ${UNIT}).`;
