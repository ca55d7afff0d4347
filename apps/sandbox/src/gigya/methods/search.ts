import type { JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import { parseQuery } from '../query/parser.ts';
import type { Query } from '../query/syntax.ts';
import type { CursorBatch } from '../search/cursors.ts';
import { aggregateRows, findRows } from '../search/find-rows.ts';
import { planSearch, type SearchPlan } from '../search/search-plan.ts';
import type { Method, SiteState } from './method.ts';

const defaultLimit = 300;
const maxLimit = 10_000;
const maxCursorLimit = 1000;
/** As far as START and LIMIT reach together without a cursor. */
const maxReach = 5000;
const maxTimeoutMs = 60_000;

export const search: Method = {
  name: 'accounts.search',
  writes: false,
  handle: async (params, site) => {
    const timeout = params.integer('timeout') ?? 20_000;
    if (timeout < 1 || timeout > maxTimeoutMs) throw invalid(`timeout must be from 1 to ${maxTimeoutMs} milliseconds`);
    const cursorId = params.text('cursorId');
    if (cursorId === undefined) return startSearch(params, site);
    if (params.text('query') !== undefined) throw invalid('query and cursorId cannot be sent together');
    site.accounts.index.refresh();
    return batchAnswer(site.cursors.next(cursorId));
  },
};

async function startSearch(params: Parameters, site: SiteState): Promise<JsonObject> {
  const query = parseQuery(params.required('query'));
  const withCursor = params.flag('openCursor') ?? false;
  checkLimits(query, withCursor);
  const plan = planSearch(query, site.accounts.index);
  const rowCount = wantsFullAccounts(params) ? site.accounts.index.refresh() : 0;
  if (query.select.some(({ kind }) => kind === 'aggregate')) {
    return { results: [await aggregateRows(plan, rowCount)], objectsCount: 1, totalCount: 1 };
  }
  const rows = await findRows(plan, rowCount);
  if (withCursor) return batchAnswer(site.cursors.open({ plan, rows, batchSize: query.limit ?? defaultLimit }));
  const end = Math.min(query.start + (query.limit ?? defaultLimit), maxReach);
  return pageAnswer(plan, rows.subarray(query.start, Math.max(query.start, end)), rows.length);
}

/** `accountTypes` names full, lite or both; this site has full accounts only. */
function wantsFullAccounts(params: Parameters): boolean {
  const types = (params.text('accountTypes') ?? 'full').split(',').map((type) => type.trim().toLowerCase());
  const unknown = types.find((type) => type !== 'full' && type !== 'lite');
  if (unknown !== undefined) throw invalid(`accountTypes may hold full and lite, not ${unknown}`);
  return types.includes('full');
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
