import { z } from 'zod';
import { addressFault, none } from '#connectors/endpoint.ts';
import { httpUrl } from '#connectors/http.ts';
import { type ApiAnswer, type ApiCall, openApi } from '#connectors/http-api.ts';
import { authorizationOf, httpCredentials } from '#connectors/http-credentials.ts';
import { headersOf, httpHeaders } from '#connectors/http-headers-param.ts';
import { listPages, pagingParams } from '#connectors/paged-api.ts';
import { Batch, type Connection, defineRecordReader, fillPlaceholders, isDataRecord, type JobInfo, retriedRead } from '#dataflow';
import { successTest, successTestParam } from '#expressions/success-test.ts';

const params = z.object({
  url: z
    .string()
    .min(1)
    .superRefine(none((text) => addressFault(text.replace(/\$\{[^{}]*\}/g, '_'))))
    .meta({
      title: 'Address',
      help: 'Where the first request goes.',
      examples: ['https://api.example.com/contacts'],
      placeholders: true,
      formerly: ['endpoint'],
      source: 'choice',
    }),
  method: z.enum(['GET', 'POST']).default('GET').meta({ title: 'Method', help: 'The HTTP method.', source: 'choice' }),
  authentication: httpCredentials
    .optional()
    .meta({ title: 'Authentication', help: 'How the requests prove who sends them.', source: 'choice' }),
  headers: httpHeaders,
  body: z
    .string()
    .optional()
    .superRefine((text, check) => {
      if (text !== undefined && !isJsonObject(text)) check.addIssue({ code: 'custom', message: 'The body must be a JSON object.' });
    })
    .meta({
      title: 'Body',
      help: 'For POST: a JSON object, such as a query.',
      multiline: true,
      onlyWith: { method: ['POST'] },
      placeholders: true,
      source: 'choice',
    }),
  recordsPath: z
    .string()
    .min(1)
    .default('.')
    .meta({
      title: 'Records',
      help: 'Path in the answer of the list of records; a dot when the answer itself is that list.',
      examples: ['data.items'],
      source: 'choice',
    }),
  paging: pagingParams.optional().meta({ title: 'Paging', help: 'How the API hands out a long list.', source: 'choice' }),
  changedSinceParam: z
    .string()
    .optional()
    .meta({
      title: 'Changed since',
      help: 'Query parameter that tells the time of the last successful run, so that only what changed since is read. Not sent by the first run and by jobs that pull all records.',
      examples: ['updated_since'],
      source: 'choice',
    }),
  changedSinceFormat: z.enum(['iso', 'seconds', 'milliseconds']).default('iso').meta({
    title: 'Time format',
    help: 'How that time is written: `2024-02-29T12:34:56.789Z`, or seconds or milliseconds since 1970.',
    advanced: true,
    source: 'choice',
  }),
  successTest: successTestParam,
  callsPerSecond: z
    .number()
    .positive()
    .max(10_000)
    .optional()
    .meta({ title: 'Pace', help: 'At most so many requests a second.', advanced: true, source: 'choice' }),
  timeout: z
    .int()
    .min(1)
    .max(600)
    .default(60)
    .meta({ title: 'Timeout', help: 'How long to wait for an answer.', unit: 'seconds', advanced: true, source: 'choice' }),
});

type Params = z.output<typeof params>;

interface GenericApi extends Connection {
  send(call: ApiCall): Promise<ApiAnswer>;
  first: ApiCall;
}

export default defineRecordReader({
  type: 'datasource.read.external.generic',
  title: 'Read from any API',
  summary: 'Reads records as JSON from an HTTP endpoint, page by page.',
  notes: [
    'An extension: the original promises such a reader, its parameters are not known.',
    '',
    '- A list of plain values becomes records with one field, `value`; a single object is one record.',
    '- Pages are read one after the other. A next page on another host is refused, because the credentials would go there too; so is paging that comes back to a page it had.',
    '- `successTest` is for platforms that answer a failure with HTTP 200.',
  ].join('\n'),
  faults: [
    {
      when: 'The host cannot be reached, 408, 425, 429 or 5xx',
      effect: 'The page is asked for again with growing pauses, or after `Retry-After`; after twelve tries the job fails.',
      remedy: 'Check the address, or set a pace.',
    },
    {
      when: '401, 403, 404 or another refusal',
      effect: 'The job fails with status and text of the answer.',
      remedy: 'Check address and authentication; `Test connection` shows the same answer.',
    },
    {
      when: 'The answer has no list at `recordsPath`',
      effect: 'The job fails and names the fields the answer has.',
      remedy: 'Set `recordsPath`.',
    },
    {
      when: 'The certificate has expired or is not trusted',
      effect: 'The job fails and says so.',
      remedy: 'Have the certificate renewed; it cannot be ignored.',
    },
  ],
  limits: [
    'A page is held in memory as a whole: up to some ten thousand records.',
    'JSON only. For CSV put the file on a storage and read it from there.',
    'OAuth 2 with client credentials; no grants that need a person at a browser.',
  ],
  params,
  examples: [
    {
      title: 'Numbered pages of 100 with an API key',
      params: {
        url: 'https://api.example.com/contacts',
        authentication: { type: 'apiKey', token: 'its-key' },
        recordsPath: 'contacts',
        paging: { type: 'page', param: 'page', sizeParam: 'per_page', pageSize: 100 },
        changedSinceParam: 'updated_since',
      },
    },
    {
      title: 'A query by POST with a cursor in the body, signed in by OAuth 2',
      params: {
        url: 'https://api.example.com/search',
        method: 'POST',
        authentication: { type: 'oauth2', authUrl: 'https://login.example.com/token', clientId: 'its-id', clientSecret: 'its-secret' },
        body: '{"filter": {"status": "active"}}',
        recordsPath: 'results',
        paging: { type: 'cursor', cursorPath: 'nextCursor', param: 'cursor', in: 'body' },
      },
    },
  ],
  connect: async (params, ctx): Promise<GenericApi> => {
    const { timeout, authentication, callsPerSecond } = params;
    const fill = (text: string) => fillPlaceholders(text, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    const url = httpUrl(fill(params.url), 'The address');
    const authorization = authentication && authorizationOf(authentication, timeout * 1000, ctx);
    const isSuccess = successTest(params.successTest);
    const api = openApi(
      {
        baseUrl: new URL(url.origin),
        connections: 1,
        timeoutMs: timeout * 1000,
        headers: headersOf(params.headers),
        ...(authorization && { authorization }),
        ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
        ...(isSuccess && { isSuccess }),
        // Every refusal of a read concerns the whole list.
        explain: ({ status, text }) =>
          status < 500 && ![408, 425, 429].includes(status)
            ? { text, next: 'fail', remedy: 'Check address, authentication and parameters of the step.' }
            : undefined,
      },
      ctx,
    );
    const first = firstCall(params, { url, body: params.body === undefined ? undefined : fill(params.body), job: ctx.job });
    const send = (call: ApiCall) => retriedRead(() => api.call(call), ctx);
    return {
      first,
      send,
      async test() {
        for await (const { records } of listPages({ call: first, paging: pagingOf(params), recordsPath: params.recordsPath, send })) {
          return `${url.origin} answers with ${records.length} records in its first page.`;
        }
        return `${url.origin} answers.`;
      },
      [Symbol.asyncDispose]: async () => {
        await api[Symbol.asyncDispose]();
        await authorization?.[Symbol.asyncDispose]?.();
      },
    };
  },
  async *read({ params, connection: { first, send } }) {
    for await (const { records, mark } of listPages({ call: first, paging: pagingOf(params), recordsPath: params.recordsPath, send })) {
      yield { item: Batch.of(records), position: mark };
    }
  },
});

const pagingOf = ({ paging }: Params) => paging ?? pagingParams.parse({});

function firstCall(
  { method, changedSinceParam, changedSinceFormat }: Params,
  { url, body, job }: { url: URL; body: string | undefined; job: JobInfo },
): ApiCall {
  const since = job.fullExtract ? undefined : job.changedSince;
  const ms = since?.getTime() ?? 0;
  const written = { iso: since?.toISOString(), seconds: Math.floor(ms / 1000), milliseconds: ms }[changedSinceFormat];
  const query = changedSinceParam === undefined || since === undefined ? {} : { [changedSinceParam]: written };
  return { method, path: url.href, query, ...(method === 'POST' ? { json: JSON.parse(body ?? '{}') } : {}) };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isDataRecord(value);
  } catch {
    return false;
  }
}
