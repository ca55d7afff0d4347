import { z } from 'zod';
import { addressFault, none } from '#connectors/endpoint.ts';
import { httpUrl } from '#connectors/http.ts';
import { authorizationOf, httpCredentials } from '#connectors/http-credentials.ts';
import { headersOf, httpHeaders } from '#connectors/http-headers-param.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { type EndpointSettings, type JsonEndpoint, openEndpoint } from '#connectors/json-endpoint.ts';
import { bodyTemplate, checkBodyTemplate, needsSingleRecord, urlTemplate } from '#connectors/request-template.ts';
import { Batch, type DataRecord, defineRecordWriter, fillPlaceholders, RecordError, type StepContext } from '#dataflow';
import { successTest, successTestParam } from '#expressions/success-test.ts';

const params = z.object({
  url: z
    .string()
    .min(1)
    .refine((text) => !/^[^/]*\/\/[^/]*\$\{record/.test(text), 'The host cannot come from a record. Give it as it is.')
    .superRefine(none((text) => addressFault(text.replace(/\$\{[^{}]*\}/g, '_'))))
    .meta({
      title: 'Address',
      help: 'Where the requests go. With a value of the record in its path, such as ${record.UID}, there is one request for each record.',
      examples: ['https://api.example.com/contacts/batch', `https://api.example.com/contacts/\${record.UID}`],
      placeholders: 'records',
      formerly: ['endpoint'],
      source: 'choice',
    }),
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST').meta({ title: 'Method', help: 'The HTTP method.', source: 'choice' }),
  authentication: httpCredentials
    .optional()
    .meta({ title: 'Authentication', help: 'How the requests prove who sends them.', source: 'choice' }),
  headers: httpHeaders,
  bodyFormat: z.enum(['array', 'lines', 'single']).default('array').meta({
    title: 'Body',
    help: '`array`: a JSON array of records; `lines`: one JSON record a line (NDJSON); `single`: one record as the whole body, so one request for each.',
    source: 'choice',
  }),
  body: z
    .string()
    .optional()
    .superRefine((text, check) => {
      const fault = text === undefined ? undefined : checkBodyTemplate(text);
      if (fault) check.addIssue({ code: 'custom', message: fault });
    })
    .meta({
      title: 'Body template',
      multiline: true,
      help: 'JSON in place of `bodyFormat`: `${records}` is the list of records, `${records.email}` the list of one value; with `${record}` or `${record.profile.email}` there is one request for each record.',
      examples: [`{"source": "identity", "contacts": \${records}}`],
      placeholders: 'records',
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
  successTest: successTestParam,
  callsPerSecond: z
    .number()
    .positive()
    .max(10_000)
    .optional()
    .meta({ title: 'Pace', help: 'At most so many requests a second.', advanced: true, source: 'choice' }),
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
    '- 400, 409, 413 and 422 may be the fault of one record: the request is halved until the records at fault stand alone (at most 2·log2(n)+1 requests for one among n), and only they go to the error path.',
    '- Any other status that is no success rejects all records of the request, with status and text. 401 and 407 fail the job, redirects too: they are not followed.',
    '- With `failuresPath` the answer is read and the records it lists go to the error path, the others on.',
    '- The order in which requests arrive is not kept when there are several at a time.',
  ].join('\n'),
  faults: [
    {
      when: 'The host cannot be reached, 408, 425, 429 or 5xx',
      effect: 'The request is repeated with growing pauses, or after `Retry-After`; when the tries are used up the job fails.',
      remedy: 'Check the address, or set a pace.',
    },
    { when: '401 or 407', effect: 'The job fails.', remedy: 'Check the authentication.' },
    {
      when: '400, 409, 413 or 422 for a request of many records',
      effect: 'The records at fault are found by halving and go to the error path, the others are written.',
      remedy: 'Mend the records the error path shows.',
    },
    {
      when: 'Another refusal',
      effect: 'All records of the request go to the error path, with status and text.',
      remedy: 'Read the text; check address and body.',
    },
    { when: 'A redirect', effect: 'The job fails and names the target.', remedy: 'Give the final address.' },
  ],
  limits: [
    'JSON bodies only; no multipart, no XML.',
    'OAuth 2 with client credentials; no grants that need a person at a browser.',
    'Values of records cannot change the host of the address.',
  ],
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
    const settings = settingsOf(params);
    const { authentication, timeout } = params;
    return openEndpoint(
      {
        ...settings,
        // What stands for values of records cannot change the host: it is checked with them left out.
        url: httpUrl(address.replace(/\$\{record[^{}]*\}/g, '_'), 'The address'),
        urlOf: urlTemplate(address),
        authorization: authentication && authorizationOf(authentication, timeout * 1000, ctx),
      },
      ctx,
    );
  },
  batchSize: (params) => (isSingle(params) ? 1 : params.batchSize),
  concurrency: ({ maxConnections }) => maxConnections,
  write: (records, ctx) => deliver(records, ctx),
  writeLines(lines, ctx) {
    const { connection, reject } = ctx;
    return connection.sendLines?.(lines).then(
      ({ refused }) => {
        for (const { record, error } of refused) reject(record, error);
        return Batch.ofLines(refused.length > 0 ? lines.without(refused.map(({ position }) => position)) : lines);
      },
      async (thrown) => {
        // A request refused as a whole: the records tell which of them is at fault.
        if (!(thrown instanceof RecordError)) throw thrown;
        return Batch.of(await deliver(lines.toRecords(), ctx, thrown));
      },
    );
  },
});

/** @param refusal how the target has answered already to all of them together */
async function deliver(records: DataRecord[], ctx: StepContext<Params, JsonEndpoint>, refusal?: RecordError): Promise<DataRecord[]> {
  const { params, connection, signal, log, reject } = ctx;
  const written: DataRecord[] = [];
  const isolation = { signal, log, reject, splits: ({ details }: RecordError) => mayBeOfOne.has(details.status) };
  const send = (part: DataRecord[]) => (part === records && refusal ? Promise.reject(refusal) : connection.send(part));
  for (const { records: sent, answer: delivered } of await isolateRefusals(records, send, isolation)) {
    const { answer = null, refusalOf } = delivered;
    for (const record of sent) {
      if (params.addResponse) record._response = structuredClone(answer);
      const refused = refusalOf(record);
      if (refused) reject(record, refused);
      else written.push(record);
    }
  }
  return written;
}

/** HTTP status of refusals that one record can cause for all that are sent with it. */
const mayBeOfOne = new Set<unknown>([400, 409, 413, 422]);

/** One record in each request: asked for, or needed by a value of the record in address or body. */
const isSingle = ({ bodyFormat, url, body }: Params): boolean =>
  body === undefined ? bodyFormat === 'single' || needsSingleRecord(url) : needsSingleRecord(body) || needsSingleRecord(url);

function settingsOf({ method, bodyFormat, successStatus, ...params }: Params): Omit<EndpointSettings, 'url' | 'urlOf' | 'authorization'> {
  const { failuresPath, failureCode: codeField, failureMessage: messageField } = params;
  const failureKey = params.failureKey ?? params.recordKey ?? 'id';
  const recordKey = params.recordKey ?? failureKey;
  return {
    method,
    bodyFormat,
    successStatus,
    successTest: successTest(params.successTest),
    bodyOf: params.body === undefined ? undefined : bodyTemplate(params.body),
    callsPerSecond: params.callsPerSecond,
    headers: headersOf(params.headers),
    connections: params.maxConnections,
    timeoutMs: params.timeout * 1000,
    refusals: failuresPath === undefined ? undefined : { failuresPath, failureKey, recordKey, codeField, messageField },
    wantsAnswer: params.addResponse,
  };
}
