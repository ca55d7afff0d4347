import { z } from 'zod';
import { type HttpAnswer, type HttpClient, httpUrl, openHttp } from '#connectors/http.ts';
import { credentialHeader, httpCredentials } from '#connectors/http-credentials.ts';
import { refusalOf } from '#connectors/http-refusal.ts';
import { refusalReader, textOf } from '#connectors/refused-records.ts';
import { type Connection, compileGet, type DataRecord, defineRecordWriter, fillPlaceholders, type Json, RecordError } from '#dataflow';

const params = z.object({
  url: z
    .string()
    .min(1)
    .meta({
      title: 'Address',
      help: 'Where the requests go.',
      examples: ['https://api.example.com/contacts/batch', `https://api.example.com/imports/\${jobId}`],
      placeholders: true,
      formerly: ['endpoint'],
      source: 'choice',
    }),
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST').meta({ title: 'Method', help: 'The HTTP method.', source: 'choice' }),
  authentication: httpCredentials
    .optional()
    .meta({ title: 'Authentication', help: 'How the requests prove who sends them.', source: 'choice' }),
  headers: z
    .array(z.object({ name: z.string().min(1).meta({ title: 'Name' }), value: z.string().meta({ title: 'Value' }) }))
    .default([])
    .meta({
      title: 'Headers',
      help: 'Further headers of each request. Keys and tokens belong into the authentication, which is kept secret.',
      source: 'choice',
    }),
  bodyFormat: z.enum(['array', 'lines', 'single']).default('array').meta({
    title: 'Body',
    help: '`array`: a JSON array of records; `lines`: one JSON record a line (NDJSON); `single`: one record as the whole body, so one request for each.',
    source: 'choice',
  }),
  batchSize: z
    .int()
    .min(1)
    .max(100_000)
    .default(256)
    .meta({ title: 'Records in a request', help: 'At most so many; `single` sends one.', source: 'choice' }),
  maxConnections: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .meta({ title: 'Parallel requests', help: 'Requests in flight at the same time.', source: 'choice' }),
  successStatus: z.array(z.int().min(100).max(599)).default([]).meta({
    title: 'Success status',
    help: 'HTTP status codes that mean success; none given: 200 to 299.',
    advanced: true,
    source: 'choice',
  }),
  failuresPath: z.string().optional().meta({
    title: 'Refused records',
    help: 'Path in a successful JSON answer of the list of records that were refused, e.g. `failed` for {"failed": [{"id": "7", "code": 400}]}; a dot when the answer itself is that list.',
    source: 'choice',
  }),
  failureKey: z
    .string()
    .default('id')
    .meta({ title: 'Key in the list', help: 'Field of an entry of that list that names the record.', source: 'choice' }),
  recordKey: z.string().optional().meta({
    title: 'Key in the record',
    help: 'Field of the record with the same value; the same name when not given.',
    fieldPath: true,
    source: 'choice',
  }),
  failureCode: z
    .string()
    .default('code')
    .meta({ title: 'Code in the list', help: 'Field of an entry with the error code.', advanced: true, source: 'choice' }),
  failureMessage: z
    .string()
    .default('message')
    .meta({ title: 'Text in the list', help: 'Field of an entry with the error text.', advanced: true, source: 'choice' }),
  addResponse: z
    .boolean()
    .default(false)
    .meta({ title: 'Add the answer', help: 'Adds the answer of the request to each of its records as `_response`.', source: 'choice' }),
  timeout: z
    .int()
    .min(1)
    .max(600)
    .default(60)
    .meta({ title: 'Timeout', help: 'How long to wait for an answer.', unit: 'seconds', advanced: true, source: 'choice' }),
});

type Params = z.output<typeof params>;

interface Endpoint extends Connection {
  /** Sends records in one request. Throws RetryableError, FatalError, or RecordError when all of them were refused. */
  send(records: readonly DataRecord[]): Promise<Json | undefined>;
  /** The refused records of an answer, by the text of their key. */
  refused(answer: Json): Map<string, RecordError>;
  keyOf(record: DataRecord): Json | undefined;
}

export default defineRecordWriter({
  type: 'datasource.write.external.generic',
  title: 'Write to any API',
  summary: 'Sends records as JSON to an HTTP endpoint, many in a request and many requests at a time.',
  notes: [
    'An extension: the original promises such a writer, its parameters are not known.',
    '',
    '- **Delivery**: at least once. A request that got no answer, or 408, 425, 429 or 5xx, is repeated with growing pauses or after `Retry-After`; the target must bear a record that comes twice.',
    '- Any other status that is no success rejects all records of the request, with status and text. 401 and 407 fail the job, redirects too: they are not followed.',
    '- With `failuresPath` the answer is read and the records it lists go to the error path, the others on.',
    '- The order in which requests arrive is not kept when there are several at a time.',
  ].join('\n'),
  params,
  examples: [
    {
      title: 'Batches of 1000 with a bearer token; the answer lists what it refused',
      params: {
        url: 'https://api.example.com/contacts/batch',
        authentication: { type: 'bearer', token: 'its-token' },
        batchSize: 1000,
        failuresPath: 'failed',
        failureKey: 'UID',
      },
    },
    {
      title: 'One request for each record, the answer kept',
      params: {
        url: 'https://api.example.com/contacts',
        method: 'PUT',
        bodyFormat: 'single',
        addResponse: true,
        headers: [{ name: 'X-Source', value: 'identity' }],
      },
    },
  ],
  delivery: 'at-least-once',
  connect: async (params, ctx) => {
    const url = httpUrl(
      fillPlaceholders(params.url, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' }),
      'The address',
    );
    const http = openHttp({ connections: params.maxConnections, timeoutMs: params.timeout * 1000 }, ctx);
    return endpoint(params, url, http);
  },
  batchSize: ({ bodyFormat, batchSize }) => (bodyFormat === 'single' ? 1 : batchSize),
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { params, connection, reject }) {
    let answer: Json | undefined;
    try {
      answer = await connection.send(records);
    } catch (thrown) {
      if (!(thrown instanceof RecordError)) throw thrown;
      for (const record of records) reject(record, thrown);
      return [];
    }
    if (params.addResponse) for (const record of records) record._response = structuredClone(answer ?? null);
    const refused = answer === undefined ? undefined : connection.refused(answer);
    if (!refused?.size) return records;
    return records.filter((record) => {
      const key = connection.keyOf(record);
      const error = key === undefined ? undefined : refused.get(textOf(key));
      if (error) reject(record, error);
      return error === undefined;
    });
  },
});

function endpoint(
  { method, headers, bodyFormat, successStatus, authentication, addResponse, ...params }: Params,
  url: URL,
  http: HttpClient,
): Endpoint {
  const { failuresPath, failureKey, recordKey = failureKey, failureCode: codeField, failureMessage: messageField } = params;
  const allHeaders = {
    'content-type': bodyFormat === 'lines' ? 'application/x-ndjson' : 'application/json',
    accept: 'application/json',
    ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    ...(authentication ? credentialHeader(authentication) : {}),
  };
  const isSuccess = (status: number) => (successStatus.length > 0 ? successStatus.includes(status) : status >= 200 && status < 300);
  const readsAnswer = addResponse || failuresPath !== undefined;
  const refused =
    failuresPath === undefined ? () => new Map() : refusalReader({ failuresPath, failureKey, recordKey, codeField, messageField });
  return {
    async send(records) {
      const answer = await http.send(
        { method, url, headers: allHeaders, body: bodyOf(records, bodyFormat) },
        (status) => readsAnswer || !isSuccess(status),
      );
      if (!isSuccess(answer.status)) throw refusalOf(answer, url);
      return readsAnswer ? contentOf(answer) : undefined;
    },
    refused,
    keyOf: compileGet(recordKey),
    test: async () => {
      const { status } = await http.send({ method: 'HEAD', url, headers: allHeaders }, () => false);
      if (status === 401 || status === 403) throw refusalOf({ status, headers: {}, text: '' }, url);
      return `${url.origin} answers (HTTP ${status} to a HEAD request, which sends no record).`;
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

function bodyOf(records: readonly DataRecord[], format: Params['bodyFormat']): string {
  if (format === 'array') return JSON.stringify(records);
  return records.map((record) => JSON.stringify(record)).join('\n') + (format === 'lines' ? '\n' : '');
}

/** The answer as JSON, or as text when it is none. */
function contentOf({ text = '' }: HttpAnswer): Json {
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
