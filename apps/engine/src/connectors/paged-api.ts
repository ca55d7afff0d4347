import { z } from 'zod';
import { compileGet, type DataRecord, FatalError, isDataRecord } from '#dataflow';
import type { ApiAnswer, ApiCall } from './http-api.ts';

const needed = {
  none: [],
  link: [],
  nextUrl: ['cursorPath'],
  cursor: ['cursorPath', 'param'],
  page: ['param'],
  offset: ['param'],
} as const;

/** How an API hands out a long list. */
export const pagingParams = z
  .object({
    type: z.enum(['none', 'link', 'nextUrl', 'cursor', 'page', 'offset']).default('none').meta({
      title: 'Kind',
      help: '`none`: one answer has all; `link`: the Link header names the next page; `nextUrl`: a field of the answer holds its address; `cursor`: a field holds a mark that the next request sends back; `page`: pages are numbered; `offset`: the request tells how many records to skip.',
      source: 'choice',
    }),
    cursorPath: z
      .string()
      .optional()
      .meta({
        title: 'Mark in the answer',
        help: 'For `nextUrl` and `cursor`: path of the next address or mark; missing, null or empty ends the list.',
        onlyWith: { type: ['nextUrl', 'cursor'] },
        examples: ['paging.next'],
        source: 'choice',
      }),
    param: z
      .string()
      .optional()
      .meta({
        title: 'Parameter',
        help: 'For `cursor`, `page` and `offset`: the request parameter that carries mark, number or count.',
        onlyWith: { type: ['cursor', 'page', 'offset'] },
        examples: ['page', 'cursor', 'offset'],
        source: 'choice',
      }),
    firstPage: z
      .int()
      .min(0)
      .default(1)
      .meta({
        title: 'First page',
        help: 'For `page`: number of the first one.',
        onlyWith: { type: ['page'] },
        advanced: true,
        source: 'choice',
      }),
    sizeParam: z
      .string()
      .optional()
      .meta({
        title: 'Size parameter',
        help: 'Request parameter that asks for the page size.',
        onlyWith: { type: ['link', 'nextUrl', 'cursor', 'page', 'offset'] },
        examples: ['limit', 'per_page'],
        source: 'choice',
      }),
    pageSize: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({
        title: 'Page size',
        help: 'Records in a page. A page with fewer is the last one of `page` and `offset`; without it, an empty page is.',
        onlyWith: { type: ['link', 'nextUrl', 'cursor', 'page', 'offset'] },
        source: 'choice',
      }),
    in: z
      .enum(['query', 'body'])
      .default('query')
      .meta({
        title: 'Where',
        help: 'Whether these parameters stand in the address or in the JSON body.',
        onlyWith: { type: ['link', 'nextUrl', 'cursor', 'page', 'offset'] },
        advanced: true,
        source: 'choice',
      }),
  })
  .superRefine((paging, check) => {
    for (const name of needed[paging.type]) {
      if (paging[name] === undefined)
        check.addIssue({ code: 'custom', path: [name], message: `${paging.type} needs ${name}, which is missing.` });
    }
  });

export type Paging = z.output<typeof pagingParams>;

export interface ListSettings {
  call: ApiCall;
  paging: Paging;
  /** Path of the list in an answer; `.` when the answer itself is the list. */
  recordsPath: string;
  /** Makes one call; repeats are up to it. */
  send(call: ApiCall): Promise<ApiAnswer>;
}

export interface ListPage {
  records: DataRecord[];
  answer: ApiAnswer;
  /** What names the page: its address, mark, number or offset. */
  mark: string | number;
}

/** Reads a list page by page. Throws FatalError for an answer that has no list and for paging that goes in circles. */
export async function* listPages({ call: first, paging, recordsPath, send }: ListSettings): AsyncGenerator<ListPage, void, void> {
  const listOf = listReader(recordsPath, first.path);
  const seen = new Set<string>();
  let mark: string | number = paging.type === 'page' ? paging.firstPage : paging.type === 'offset' ? 0 : '';
  for (;;) {
    const key = `${mark}`;
    if (seen.has(key))
      throw new FatalError(`The pages of ${first.path} go in circles: ${key} comes a second time. Check the paging parameters.`, {
        code: 'targetRefused',
      });
    seen.add(key);
    const answer = await send(pageCall(first, paging, mark));
    const records = listOf(answer);
    yield { records, answer, mark };
    const next = nextMark(paging, { answer, mark, count: records.length });
    if (next === undefined) return;
    mark = next;
  }
}

function pageCall(call: ApiCall, { type, param = '', sizeParam, pageSize, in: place }: Paging, mark: string | number): ApiCall {
  const isAddress = (type === 'link' || type === 'nextUrl') && mark !== '';
  if (isAddress) return { ...call, path: sameOrigin(String(mark), call.path), query: {} };
  const carries = type === 'page' || type === 'offset' || (type === 'cursor' && mark !== '');
  const values = { ...(sizeParam && pageSize !== undefined ? { [sizeParam]: pageSize } : {}), ...(carries ? { [param]: mark } : {}) };
  if (place === 'query') return { ...call, query: { ...call.query, ...values } };
  return { ...call, json: { ...(call.json as object | undefined), ...values } };
}

/** The next page as a whole address. One on another host is refused: the credentials would go there. */
function sameOrigin(next: string, from: string): string {
  const url = URL.canParse(next, from) ? new URL(next, from) : undefined;
  if (url && url.origin === new URL(from).origin) return url.href;
  throw new FatalError(
    `The answer names its next page at ${url?.origin ?? 'an address that cannot be read'}, not at ${new URL(from).origin}. It is not followed, because the credentials would go there too.`,
    {
      code: 'notAllowed',
    },
  );
}

function nextMark(
  { type, cursorPath = '', pageSize }: Paging,
  { answer, mark, count }: { answer: ApiAnswer; mark: string | number; count: number },
): string | number | undefined {
  switch (type) {
    case 'none':
      return undefined;
    case 'link':
      return nextLink(answer.headers.link);
    case 'nextUrl':
    case 'cursor': {
      const next = isDataRecord(answer.json) ? compileGet(cursorPath)(answer.json) : undefined;
      return (typeof next === 'string' && next !== '') || typeof next === 'number' ? next : undefined;
    }
    default: {
      if (count === 0 || (pageSize !== undefined && count < pageSize)) return undefined;
      return Number(mark) + (type === 'page' ? 1 : count);
    }
  }
}

/** The address with `rel="next"` in a Link header (RFC 8288). */
function nextLink(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, address, attributes = ''] of text.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:\s[^";]*)?"?/i.test(attributes)) return address;
  }
  return undefined;
}

function listReader(recordsPath: string, where: string): (answer: ApiAnswer) => DataRecord[] {
  const get = recordsPath === '.' ? undefined : compileGet(recordsPath);
  return ({ json }) => {
    const found = get ? (isDataRecord(json) ? get(json) : undefined) : json;
    if (Array.isArray(found)) return found.map((entry) => (isDataRecord(entry) ? entry : { value: entry }));
    if (isDataRecord(found)) return [found];
    if (found === null) return [];
    throw new FatalError(
      json === undefined
        ? `${withoutQuery(where)} did not answer with JSON. Check the address.`
        : `The answer of ${withoutQuery(where)} has no list at ${recordsPath}. It has ${isDataRecord(json) ? Object.keys(json).slice(0, 10).join(', ') : 'no fields'}; set recordsPath.`,
      { code: 'targetRefused' },
    );
  };
}

const withoutQuery = (address: string): string => address.replace(/\?.*/s, '');
