import type { Services } from '../../services.ts';
import { inTransaction, type Queryable } from '../../storage/database.ts';
import { ApiError } from '../api-error.ts';
import { type Bind, casts, compileCondition, type Field } from '../query/compile-condition.ts';
import { parseQuery } from '../query/parse-query.ts';
import type { Query } from '../query/syntax.ts';
import { wrongQuery } from '../query/tokens.ts';
import { dataflowTables } from './dataflow-tables.ts';
import { jobTable, schedulingTable } from './run-tables.ts';
import { scriptTable } from './script-table.ts';
import { readSearchCursor, type SearchPosition, writeSearchCursor } from './search-cursor.ts';
import { fieldOf, selectedName, type Table } from './table.ts';

const USUAL_LIMIT = 300;
const LARGEST_BATCH = 1_000;
const LONGEST_SEARCH_MS = 20_000;
const QUERY_CANCELED = '57014';

export const searchTables = [...dataflowTables, schedulingTable, jobTable, scriptTable] as unknown as readonly Table[];

export type SearchRequest = { apiKey: string } & ({ query: string; openCursor: boolean } | { cursorId: string });

export interface Found {
  /** Absent without hits, as in the original. */
  result?: Record<string, unknown>[];
  resultCount: number;
  totalCount?: number;
  nextCursorId?: string;
}

type Search = { apiKey: string; text: string; paged: boolean; after?: SearchPosition['after'] };
type SearchServices = Pick<Services, 'pool' | 'secrets'>;

/** Answers idx.search in at most 20 seconds. Throws ApiError 400006 for a query or cursor that cannot be used, 504002 past the time. */
export async function runSearch(services: SearchServices, request: SearchRequest): Promise<Found> {
  const search = begin(services, request);
  const query = parseQuery(search.text);
  const table = searchTables.find((one) => one.name === query.from.toLowerCase());
  if (!table) throw wrongQuery(`there is no table ${query.from}; there are ${searchTables.map((one) => one.name).join(', ')}`);
  if (search.paged && query.start !== undefined) throw wrongQuery('START cannot be used with a cursor');
  if (search.paged && (query.limit ?? 0) > LARGEST_BATCH) throw wrongQuery(`LIMIT is at most ${LARGEST_BATCH} with a cursor`);
  return inTransaction(services.pool, async (db) => {
    await db.query(`SELECT set_config('statement_timeout', $1, true), set_config('transaction_read_only', 'on', true)`, [
      String(LONGEST_SEARCH_MS),
    ]);
    return find(db, services, { table, query, search });
  }).catch((error: Error & { code?: string }) => {
    if (error.code === QUERY_CANCELED) throw new ApiError(504002, `The search took longer than ${LONGEST_SEARCH_MS / 1000} seconds.`);
    throw error;
  });
}

function begin({ secrets }: SearchServices, request: SearchRequest): Search {
  if ('query' in request) return { apiKey: request.apiKey, text: request.query, paged: request.openCursor };
  const { query, after } = readSearchCursor(request.cursorId, request.apiKey, secrets);
  return { apiKey: request.apiKey, text: query, paged: true, after };
}

interface Plan {
  table: Table;
  query: Query;
  search: Search;
}

async function find(db: Queryable, services: SearchServices, plan: Plan): Promise<Found> {
  const { table, query, search } = plan;
  const names = Array.isArray(query.select) ? query.select.map((name) => selectedName(table, name)) : undefined;
  const totalCount = await count(db, plan);
  if (query.select === 'count') return { result: [{ 'count(*)': totalCount }], resultCount: 1, totalCount };
  const limit = query.limit ?? USUAL_LIMIT;
  const rows = await page(db, plan, limit + 1);
  const shown = rows.slice(0, limit);
  if (shown.length === 0) return { resultCount: 0 };
  const objects = await table.toObjects(shown as never[], services, db);
  const last = shown.at(-1);
  const more = search.paged && rows.length > limit && last !== undefined;
  return {
    result: names ? objects.map((object) => pick(object, names)) : objects,
    resultCount: shown.length,
    totalCount,
    ...(more && { nextCursorId: writeSearchCursor({ apiKey: search.apiKey, query: search.text, after: placeOf(last) }, services.secrets) }),
  };
}

const pick = (object: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]));

async function count(db: Queryable, plan: Plan): Promise<number> {
  const { values, bind } = binding();
  const { rows } = await db.query<{ count: number }>(`SELECT count(*) AS count ${scope(plan, bind)}`, values);
  return rows[0]?.count ?? 0;
}

type PlacedRow = Record<string, unknown> & { '#sort': string | null; '#key': string[] };

async function page(db: Queryable, { table, query, search }: Plan, limit: number): Promise<PlacedRow[]> {
  const { values, bind } = binding();
  const { field: name, descending } = query.orderBy ?? table.usualOrder;
  const sort = fieldOf(table, name);
  const sql = `SELECT ${table.columns}, (${sort.sql})::text AS "#sort", ARRAY[${table.key.map((field) => `(${field.sql})::text`).join(', ')}] AS "#key"
    ${scope({ table, query, search }, bind)}${search.after ? ` AND ${isAfter({ table, sort, descending, after: search.after }, bind)}` : ''}
    ORDER BY ${[`(${sort.sql}) ${descending ? 'DESC' : 'ASC'}${sort.always ? '' : ' NULLS LAST'}`, ...table.key.map((field) => field.sql)].join(', ')}
    LIMIT ${bind(limit)}::int OFFSET ${bind(query.start ?? 0)}::int`;
  return (await db.query<PlacedRow>(sql, values)).rows;
}

function scope({ table, query, search }: Plan, bind: Bind): string {
  const own = table.scope(bind, search.apiKey);
  return query.where ? `${own} AND ${compileCondition(query.where, { find: (name) => fieldOf(table, name) }, bind)}` : own;
}

const placeOf = (row: PlacedRow): SearchPosition['after'] => ({ sort: row['#sort'], key: row['#key'] });

/** Rows behind a place, missing values last. */
function isAfter(
  { table, sort, descending, after }: { table: Table; sort: Field; descending: boolean; after: SearchPosition['after'] },
  bind: Bind,
): string {
  const cast = (field: Field, value: string) => `${bind(value)}::text::${casts[field.kind]}`;
  const keys = table.key.map((field) => field.sql).join(', ');
  const place = table.key.map((field, i) => cast(field, after.key[i] ?? '')).join(', ');
  const sameSort = (test: string) => `(${test} AND (${keys}) > (${place}))`;
  if (after.sort === null) return sameSort(`${sort.sql} IS NULL`);
  const value = cast(sort, after.sort);
  return `(${sort.sql} ${descending ? '<' : '>'} ${value} OR ${sort.sql} IS NULL OR ${sameSort(`${sort.sql} = ${value}`)})`;
}

function binding(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}
