import type { DataRecord } from '#dataflow';
import type { GigyaConnection, GigyaParams } from './client.ts';
import type { GigyaAnswer } from './outcome.ts';

/** One page of a search. */
export interface SearchPage {
  results: DataRecord[];
  /** All records of the search, when the platform says. */
  totalCount: number | undefined;
  /** Where the next page begins; undefined after the last one. Good for five minutes after its last use. */
  nextCursorId: string | undefined;
}

/** Most records the platform gives in one page of a cursor. */
export const LARGEST_PAGE = 1000;

export interface SearchOptions {
  /** `accounts.search` or another method with the same paging. */
  method: string;
  /** Without LIMIT. */
  query: string;
  pageSize: number;
}

/**
 * All pages of a search by cursor. While one page is worked on, the next is already on its way; a page that failed is
 * asked for again under the same cursor, which gives the same records.
 */
export async function* searchPages(
  gigya: GigyaConnection,
  { method, query, pageSize }: SearchOptions,
): AsyncGenerator<SearchPage, void, void> {
  const ask = async (params: GigyaParams) => pageOf(await gigya.read(method, params));
  let coming: Promise<SearchPage> | undefined = ask({ query: `${query} LIMIT ${Math.min(pageSize, LARGEST_PAGE)}`, openCursor: true });
  while (coming) {
    const page: SearchPage = await coming;
    coming = page.nextCursorId === undefined ? undefined : ask({ cursorId: page.nextCursorId });
    // Its failure is met where it is awaited; when the caller leaves early nobody awaits it.
    coming?.catch(() => {});
    yield page;
  }
}

/** A search whose whole answer is one page, such as `count(*)`: cursors do not go with aggregates. */
export const searchOnce = async (gigya: GigyaConnection, { method, query }: Omit<SearchOptions, 'pageSize'>): Promise<SearchPage> =>
  pageOf(await gigya.read(method, { query }));

function pageOf({ results, totalCount, nextCursorId }: GigyaAnswer): SearchPage {
  return {
    results: Array.isArray(results) ? (results as DataRecord[]) : [],
    totalCount: typeof totalCount === 'number' ? totalCount : undefined,
    nextCursorId: typeof nextCursorId === 'string' && nextCursorId !== '' ? nextCursorId : undefined,
  };
}
