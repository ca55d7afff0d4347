import { describe, expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { movingPages } from './moving-pages.ts';

/** A list that a test may shorten between two pages. */
function listOf(count: number, onFetch: (index: number, list: DataRecord[]) => void = () => {}) {
  const list: DataRecord[] = Array.from({ length: count }, (_, id) => ({ id }));
  const fetched: number[] = [];
  const fetchPage = async (index: number) => {
    fetched.push(index);
    onFetch(index, list);
    return { records: list.slice(index * 10, index * 10 + 10), total: list.length };
  };
  const read = async (ahead = 1) => {
    const ids: unknown[] = [];
    for await (const page of movingPages(fetchPage, { pageSize: 10, keyOf: ({ id }) => String(id), ahead }))
      ids.push(...page.records.map(({ id }) => id));
    return ids;
  };
  return { read, fetched };
}
const upTo = (count: number) => Array.from({ length: count }, (_, id) => id);

describe('reading a list by pages', () => {
  test.each([0, 1, 10, 11, 95])('hands on %i records in order, page by page or several at a time', async (count) => {
    expect(await listOf(count).read()).toEqual(upTo(count));
    expect(await listOf(count).read(4)).toEqual(upTo(count));
  });

  test('fetches no page beyond the last', async () => {
    const { read, fetched } = listOf(25);
    await read(8);
    expect(fetched).toEqual([0, 1, 2]);
  });

  test('misses nobody when records disappear from pages that were read', async () => {
    const shrinking = listOf(50, (index, list) => {
      if (index === 2 && list.length === 50) list.splice(3, 4);
    });
    expect(await shrinking.read()).toEqual(upTo(50));
  });

  test('reads on when the list grows', async () => {
    const growing = listOf(20, (index, list) => {
      if (index === 1) list.push({ id: 20 }, { id: 21 });
    });
    expect(await growing.read()).toEqual(upTo(22));
  });

  test('a page that fails ends the reading with its error, whatever else is under way', async () => {
    const failing = listOf(60, (index) => {
      if (index === 2 || index === 3) throw new Error(`page ${index}`);
    });
    await expect(failing.read(4)).rejects.toThrow('page 2');
  });
});
