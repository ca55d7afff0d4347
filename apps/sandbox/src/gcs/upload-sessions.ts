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
    const { from, length, total } = readRange(request);
    if (from !== undefined) await this.#keep(draft, request, { from, length, isLast: total !== undefined });
    if (total === undefined || (total !== 'end' && draft.size < total)) return { kept: draft.size };
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

  async #keep(draft: Draft, request: IncomingMessage, { from, length, isLast }: Piece): Promise<void> {
    if (from > draft.size) throw badRequest(exceeding(from, draft.size));
    if (!isLast && length % UNIT !== 0) throw badRequest(uneven);
    const half = this.halves > 0 && length >= 2 * UNIT && length < Number.POSITIVE_INFINITY;
    if (half) this.halves--;
    const end = half ? from + Math.floor(length / 2 / UNIT) * UNIT : from + length;
    const file = await open(draft.file, 'a');
    const store = async (bytes: Buffer) => {
      await file.appendFile(bytes);
      draft.hash.update(bytes);
      draft.size += bytes.length;
    };
    try {
      const rest = await keepUnits(request, { from, end, held: draft.size, length }, store);
      if (rest.length > 0) await store(rest);
    } finally {
      await file.close();
    }
  }
}

interface Piece {
  from: number;
  /** Infinity: until the body ends. */
  length: number;
  isLast: boolean;
}

/** Stores what is new between `from` and `end` in whole units as it comes; resolves to the rest, once the body came as a whole. */
async function keepUnits(
  request: AsyncIterable<Buffer>,
  { from, end, held, length }: { from: number; end: number; held: number; length: number },
  store: (bytes: Buffer) => Promise<void>,
): Promise<Buffer> {
  let at = from;
  let taken = held;
  let kept: Buffer[] = [];
  let waiting = 0;
  for await (const chunk of request) {
    const fresh = chunk.subarray(Math.max(taken - at, 0), Math.max(end - at, 0));
    at += chunk.length;
    taken += fresh.length;
    kept.push(fresh);
    waiting += fresh.length;
    if (waiting < UNIT) continue;
    const all = Buffer.concat(kept);
    const whole = waiting - (waiting % UNIT);
    await store(all.subarray(0, whole));
    kept = [all.subarray(whole)];
    waiting -= whole;
  }
  if (length < Number.POSITIVE_INFINITY && at !== from + length) throw badRequest('The body is not as long as its Content-Range says.');
  return Buffer.concat(kept);
}

interface ContentRange {
  /** Undefined asks for the state, or ends an upload whose bytes are all there. */
  from?: number;
  length: number;
  /** Undefined while more is to come; `end`: wherever the body ends. */
  total?: number | 'end';
}

function readRange({ headers }: IncomingMessage): ContentRange {
  const text = headers['content-range'];
  const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (text === undefined) return { from: 0, length, total: 'end' };
  const found = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(text);
  if (!found) throw badRequest(`Failed to parse Content-Range header: ${text}`);
  const [, from, to, total] = found;
  const end = total === '*' ? {} : { total: Number(total) };
  if (from === undefined) return { length: 0, ...end };
  // Both open: a stream of unknown length in one request.
  if (to === '*') return { from: Number(from), length, total: total === '*' ? 'end' : Number(total) };
  if (Number(to) - Number(from) + 1 !== length) throw badRequest('Content-Length does not agree with Content-Range.');
  return { from: Number(from), length, ...end };
}

const exceeding = (from: number, size: number) =>
  `Invalid request.  According to the Content-Range header, the upload offset is ${from} byte(s), which exceeds already uploaded size of ${size} byte(s).`;
const uneven = `Invalid request.  The number of bytes uploaded is required to be equal or greater than ${UNIT}, except for the final request (it's recommended to be the exact multiple of ${UNIT}).`;
