import { describe, expect, it } from 'vitest';
import type { Json } from '#dataflow';
import type { ApiAnswer, ApiCall } from './http-api.ts';
import { listPages, type Paging, pagingParams } from './paged-api.ts';

const answer = (json: Json, headers: Record<string, string> = {}): ApiAnswer => ({ status: 200, headers, text: '', json });

/** Reads all pages of what `serve` answers. */
async function read(paging: Partial<Paging>, serve: (call: ApiCall, nth: number) => ApiAnswer, recordsPath = '.') {
  const calls: ApiCall[] = [];
  const records = [];
  const send = async (call: ApiCall) => {
    calls.push(call);
    return serve(call, calls.length);
  };
  const call = { path: 'https://api.example.com/list', query: { q: 1 } };
  for await (const page of listPages({ call, paging: pagingParams.parse(paging), recordsPath, send })) records.push(...page.records);
  return { records, calls };
}

describe('lists in pages', () => {
  it('by page number, until a page is short or empty', async () => {
    const paging = { type: 'page', param: 'page', firstPage: 0, sizeParam: 'size', pageSize: 2 } as const;
    const { records, calls } = await read(paging, (_, nth) => answer(nth < 3 ? [{ n: nth }, { n: nth }] : [{ n: nth }]));
    expect(records).toHaveLength(5);
    expect(calls.map(({ query }) => query)).toEqual([0, 1, 2].map((page) => ({ q: 1, size: 2, page })));
    const open = await read({ type: 'page', param: 'p' }, (_, nth) => answer(nth < 3 ? [{ n: nth }] : []));
    expect(open.calls.map(({ query }) => query?.p)).toEqual([1, 2, 3]);
  });

  it('by offset, which counts what came', async () => {
    const { calls } = await read({ type: 'offset', param: 'skip' }, (_, nth) => answer(nth === 1 ? [{}, {}, {}] : nth === 2 ? [{}] : []));
    expect(calls.map(({ query }) => query?.skip)).toEqual([0, 3, 4]);
  });

  it('by a cursor in query or body', async () => {
    const serve = (_: ApiCall, nth: number) => answer({ items: [{ nth }], next: nth < 3 ? `c${nth}` : null });
    const inQuery = await read({ type: 'cursor', cursorPath: 'next', param: 'cursor' }, serve, 'items');
    expect(inQuery.calls.map(({ query }) => query)).toEqual([{ q: 1 }, { q: 1, cursor: 'c1' }, { q: 1, cursor: 'c2' }]);
    const inBody = await read({ type: 'cursor', cursorPath: 'next', param: 'cursor', in: 'body' }, serve, 'items');
    expect(inBody.calls.map(({ json }) => json)).toEqual([{}, { cursor: 'c1' }, { cursor: 'c2' }]);
  });

  it('by the Link header or an address in the answer', async () => {
    const links = ['<https://api.example.com/list?p=1>; rel="first", </list?p=2>; title="a, b"; rel="next"', '<x>; rel=prev'];
    const { calls } = await read({ type: 'link' }, (_, nth) => answer([{}], { link: links[nth - 1] ?? '' }));
    expect(calls.map(({ path, query }) => [path, query])).toEqual([
      ['https://api.example.com/list', { q: 1 }],
      ['https://api.example.com/list?p=2', {}],
    ]);
    const next = await read(
      { type: 'nextUrl', cursorPath: 'paging.next' },
      (_, nth) => answer(nth === 1 ? { d: [{}], paging: { next: '/more' } } : { d: [] }),
      'd',
    );
    expect(next.calls[1]?.path).toBe('https://api.example.com/more');
  });

  it('refuse to take the credentials to another host, and to go in circles', async () => {
    const away = read({ type: 'nextUrl', cursorPath: 'next' }, () => answer({ d: [], next: 'https://evil.example/' }), 'd');
    await expect(away).rejects.toThrow('The answer names its next page at https://evil.example, not at https://api.example.com.');
    const circle = read({ type: 'cursor', cursorPath: 'next', param: 'c' }, () => answer({ d: [{}], next: 'same' }), 'd');
    await expect(circle).rejects.toThrow('go in circles: same comes a second time');
  });

  it('take plain values, single objects and null, and say what an answer has instead of a list', async () => {
    expect((await read({}, () => answer([1, 'a', { b: 2 }]))).records).toEqual([{ value: 1 }, { value: 'a' }, { b: 2 }]);
    expect((await read({}, () => answer({ one: { a: 1 } }), 'one')).records).toEqual([{ a: 1 }]);
    expect((await read({}, () => answer({ d: null }), 'd')).records).toEqual([]);
    await expect(read({}, () => answer({ items: [], total: 3 }), 'data')).rejects.toThrow(
      'has no list at data. It has items, total; set recordsPath.',
    );
    await expect(read({}, () => ({ status: 200, headers: {}, text: '<html>', json: undefined }))).rejects.toThrow(
      'did not answer with JSON',
    );
  });

  it('are checked before the job starts', () => {
    const faults = (paging: unknown) => pagingParams.safeParse(paging).error?.issues.map(({ path, message }) => [path[0], message]);
    expect(faults({ type: 'cursor' })).toEqual([
      ['cursorPath', 'cursor needs cursorPath, which is missing.'],
      ['param', 'cursor needs param, which is missing.'],
    ]);
    expect(faults({ type: 'link' })).toBeUndefined();
  });
});
