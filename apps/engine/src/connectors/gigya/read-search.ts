import { Batch, type DataRecord, type ReadItem } from '#dataflow';
import type { GigyaConnection } from './client.ts';
import { LARGEST_PAGE, type SearchPage, searchOnce, searchPages } from './search.ts';

export interface SearchReading {
  /** `ds.search` or another method with the same paging. */
  method: string;
  query: string;
  batchSize: number;
  /** The whole answer is one page: aggregates, with which cursors do not go. */
  isOnePage?: boolean;
  expect(total: number): void;
  /** The records that go on, made of those of one page. */
  shape(found: DataRecord[]): DataRecord[] | Promise<DataRecord[]>;
}

/** Reads all pages of a search as batches, each with the cursor that leads on. */
export async function* readSearch(
  gigya: GigyaConnection,
  { shape, expect, ...search }: SearchReading,
): AsyncGenerator<ReadItem<Batch>, void, void> {
  let isFirst = true;
  for await (const page of pagesOf(gigya, search)) {
    if (isFirst && page.totalCount !== undefined) expect(page.totalCount);
    isFirst = false;
    yield { item: Batch.of(await shape(page.results)), position: page.nextCursorId ?? null };
  }
}

async function* pagesOf(
  gigya: GigyaConnection,
  { method, query, batchSize, isOnePage = false }: Omit<SearchReading, 'shape' | 'expect'>,
): AsyncGenerator<SearchPage, void, void> {
  if (isOnePage) yield { ...(await searchOnce(gigya, { method, query })), totalCount: undefined };
  else yield* searchPages(gigya, { method, query, pageSize: Math.min(batchSize, LARGEST_PAGE) });
}
