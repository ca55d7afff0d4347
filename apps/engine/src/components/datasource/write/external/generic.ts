import { z } from 'zod';
import { httpUrl } from '#connectors/http.ts';
import { credentialHeader, httpCredentials } from '#connectors/http-credentials.ts';
import { type EndpointSettings, openEndpoint } from '#connectors/json-endpoint.ts';
import { defineRecordWriter, fillPlaceholders, RecordError } from '#dataflow';

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
    .array(
      z.object({
        name: z.string().min(1).meta({ title: 'Name', help: 'Name of the header.' }),
        value: z.string().meta({ title: 'Value', help: 'Sent as it is; no secrets here.' }),
      }),
    )
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
  failureKey: z.string().optional().meta({
    title: 'Key in the list',
    help: 'Field of an entry of that list that names the record; without it the name of the key in the record, else `id`.',
    source: 'choice',
  }),
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
    const address = fillPlaceholders(params.url, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    return openEndpoint({ ...settingsOf(params), url: httpUrl(address, 'The address') }, ctx);
  },
  batchSize: ({ bodyFormat, batchSize }) => (bodyFormat === 'single' ? 1 : batchSize),
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { params, connection, reject }) {
    const delivered = await connection.send(records).catch((thrown) => {
      if (!(thrown instanceof RecordError)) throw thrown;
      for (const record of records) reject(record, thrown);
    });
    if (!delivered) return [];
    const { answer = null, refusalOf } = delivered;
    return records.filter((record) => {
      if (params.addResponse) record._response = structuredClone(answer);
      const refusal = refusalOf(record);
      if (refusal) reject(record, refusal);
      return refusal === undefined;
    });
  },
});

function settingsOf({ method, bodyFormat, successStatus, ...params }: Params): Omit<EndpointSettings, 'url'> {
  const { failuresPath, failureCode: codeField, failureMessage: messageField } = params;
  const failureKey = params.failureKey ?? params.recordKey ?? 'id';
  const recordKey = params.recordKey ?? failureKey;
  return {
    method,
    bodyFormat,
    successStatus,
    headers: {
      ...Object.fromEntries(params.headers.map(({ name, value }) => [name.toLowerCase(), value])),
      ...(params.authentication ? credentialHeader(params.authentication) : {}),
    },
    connections: params.maxConnections,
    timeoutMs: params.timeout * 1000,
    refusals: failuresPath === undefined ? undefined : { failuresPath, failureKey, recordKey, codeField, messageField },
    wantsAnswer: params.addResponse,
  };
}
