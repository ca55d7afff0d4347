import type { JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import type { Query } from '../query/syntax.ts';
import type { CursorBatch, Cursors } from './cursors.ts';
import { aggregateRows, findRows } from './find-rows.ts';
import type { SearchPlan } from './search-plan.ts';

const defaultLimit = 300;
const maxLimit = 10_000;
const maxCursorLimit = 1000;
/** As far as START and LIMIT reach together without a cursor. */
const maxReach = 5000;
const maxTimeoutMs = 60_000;

/** What a search method looks through. */
export interface Searchable {
  /** Cursors of one method mean nothing to another. */
  cursors: Cursors;
  /** Throws ApiError 400006 for a query that makes no sense here. */
  plan(query: string): SearchPlan;
  /** Takes up what has become visible since; called before a further batch is read. */
  refresh?(): void;
}

/** Answers a call of any search method: a page, or one batch of a cursor. */
export async function answerSearch(params: Parameters, searchable: Searchable): Promise<JsonObject> {
  const timeout = params.integer('timeout') ?? 20_000;
  if (timeout < 1 || timeout > maxTimeoutMs) throw invalid(`timeout must be from 1 to ${maxTimeoutMs} milliseconds`);
  const cursorId = params.text('cursorId');
  if (cursorId === undefined) return startSearch(params, searchable);
  if (params.text('query') !== undefined) throw invalid('query and cursorId cannot be sent together');
  searchable.refresh?.();
  return batchAnswer(searchable.cursors.next(cursorId));
}

async function startSearch(params: Parameters, { cursors, plan: planOf }: Searchable): Promise<JsonObject> {
  const plan = planOf(params.required('query'));
  const { query } = plan;
  const withCursor = params.flag('openCursor') ?? false;
  checkLimits(query, withCursor);
  if (query.select.some(({ kind }) => kind === 'aggregate')) {
    return { results: [await aggregateRows(plan)], objectsCount: 1, totalCount: 1 };
  }
  const rows = await findRows(plan);
  if (withCursor) return batchAnswer(cursors.open({ plan, rows, batchSize: query.limit ?? defaultLimit }));
  const end = Math.min(query.start + (query.limit ?? defaultLimit), maxReach);
  return pageAnswer(plan, rows.subarray(query.start, Math.max(query.start, end)), rows.length);
}

function checkLimits({ start, limit = defaultLimit }: Query, withCursor: boolean): void {
  if (limit > maxLimit) throw invalid(`LIMIT may be at most ${maxLimit}`);
  if (start > maxReach) throw invalid(`START may be at most ${maxReach}`);
  if (!withCursor) return;
  if (limit > maxCursorLimit) throw invalid(`LIMIT may be at most ${maxCursorLimit} with a cursor`);
  if (limit === 0) throw invalid('LIMIT must be at least 1 with a cursor');
  if (start > 0) throw invalid('START cannot be used with a cursor');
}

function batchAnswer({ plan, rows, totalCount, nextCursorId }: CursorBatch): JsonObject {
  return { ...pageAnswer(plan, rows, totalCount), ...(nextCursorId === undefined ? {} : { nextCursorId }) };
}

function pageAnswer(plan: SearchPlan, rows: Uint32Array, totalCount: number): JsonObject {
  const results: JsonObject[] = [];
  for (const row of rows) {
    const result = plan.resultAt(row);
    if (result) results.push(result);
  }
  return { results, objectsCount: results.length, totalCount };
}

function invalid(reason: string): ApiError {
  return new ApiError(400006, `Invalid argument: ${reason}`);
}
