import { randomBytes } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import type { SearchPlan } from './search-plan.ts';

/** How long a cursor lives after its last use. */
export const cursorLifeMs = 5 * 60_000;

interface OpenCursor {
  plan: SearchPlan;
  rows: Uint32Array;
  batchSize: number;
  usedAt: number;
}

/** One batch of a cursor; `nextCursorId` is missing on the last one. */
export interface CursorBatch {
  plan: SearchPlan;
  rows: Uint32Array;
  totalCount: number;
  nextCursorId: string | undefined;
}

/**
 * The open cursors. A cursor holds the rows that fitted when it was opened; its id names the cursor and the
 * place in it, so the same id gives the same batch again.
 */
export class Cursors {
  readonly #open = new Map<string, OpenCursor>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  open(cursor: Omit<OpenCursor, 'usedAt'>): CursorBatch {
    this.#dropExpired();
    const id = randomBytes(18).toString('base64url');
    this.#open.set(id, { ...cursor, usedAt: this.#clock() });
    return this.#batch(id, 0);
  }

  next(cursorId: string): CursorBatch {
    this.#dropExpired();
    const [id = '', place = ''] = cursorId.split('.');
    return this.#batch(id, /^\d+$/.test(place) ? Number(place) : -1);
  }

  #batch(id: string, from: number): CursorBatch {
    const cursor = this.#open.get(id);
    if (!cursor || from < 0)
      throw new ApiError(400006, 'Invalid argument: cursorId is unknown or has expired (5 minutes after its last use)');
    cursor.usedAt = this.#clock();
    const { plan, rows, batchSize } = cursor;
    const end = from + batchSize;
    return { plan, rows: rows.subarray(from, end), totalCount: rows.length, nextCursorId: end < rows.length ? `${id}.${end}` : undefined };
  }

  #dropExpired(): void {
    const oldest = this.#clock() - cursorLifeMs;
    for (const [id, { usedAt }] of this.#open) if (usedAt < oldest) this.#open.delete(id);
  }
}
