import type { DataRecord } from '#dataflow';

export interface ListPage {
  records: DataRecord[];
  /** Of the whole list, at the time of this page. */
  total: number;
}

interface Paging {
  pageSize: number;
  keyOf(record: DataRecord): string;
  /** Pages fetched at a time, at least 1. */
  ahead: number;
}

/**
 * Reads a list by page numbers (from 0) while it may change. When it became shorter since the page before, records have moved up
 * into that one: it is read again. What a page repeats of the two before it is left out, so a record comes twice only when it moved far.
 */
export async function* movingPages(
  fetchPage: (index: number) => Promise<ListPage>,
  { pageSize, keyOf, ahead }: Paging,
): AsyncGenerator<ListPage & { index: number }, void, void> {
  const fetched = fetchedAhead(fetchPage, ahead);
  let recent: Set<string>[] = [];
  let before = 0;
  for (let index = 0, pages = 1; index < pages; index++) {
    const page = await fetched(pages);
    pages = Math.max(index + 1, Math.ceil(page.total / pageSize));
    const repeated = index > 0 && page.total < before ? (await fetchPage(index - 1)).records : [];
    before = page.total;
    const seen = recent;
    const records = [...repeated, ...page.records].filter((record) => !seen.some((keys) => keys.has(keyOf(record))));
    recent = [...recent.slice(-1), new Set([...repeated, ...page.records].map(keyOf))];
    yield { records, total: page.total, index };
  }
}

/** Hands out pages in order, of which up to `ahead` are under way. */
function fetchedAhead(fetchPage: (index: number) => Promise<ListPage>, ahead: number) {
  const waiting: Promise<ListPage>[] = [];
  let next = 0;
  return async (pages: number): Promise<ListPage> => {
    while (waiting.length === 0 || (waiting.length < ahead && next < pages)) {
      const page = fetchPage(next++);
      // One that fails while nobody waits for it yet must not end the process; whoever takes it gets the error.
      page.catch(() => {});
      waiting.push(page);
    }
    return waiting.shift() as Promise<ListPage>;
  };
}
