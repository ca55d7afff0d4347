import { z } from 'zod';
import { attributesOf, openBluekai } from '#connectors/bluekai.ts';
import { addressFault, none } from '#connectors/endpoint.ts';
import { compileGet, type DataRecord, defineRecordWriter, fieldPath, RecordError, secret } from '#dataflow';

/** Bytes of the whole address; servers refuse more. */
const LONGEST_ADDRESS = 8000;

export default defineRecordWriter({
  type: 'datasource.write.bluekai',
  title: 'Write to BlueKai',
  summary: 'Sends the fields of each record as attributes of a user to Oracle BlueKai’s User Data API.',
  notes: [
    'Each field but the id becomes a `phint`, `name=value`; nested fields go by their path, lists as one phint for each entry, empty fields are left out. `field.flatten` before it gives the plain names that the original’s template uses.',
    '',
    '- The API takes one call for each user; calls are signed with HMAC-SHA256 as Oracle’s help center says ("Authenticating API calls"). The bulk API needs an arrangement with Oracle and is not used.',
    '- `http://api.tags.bluekai.com`, which stored flows name, is called by https: the platform refuses anything else.',
    '- Oracle announced the end of its advertising products for September 2024. The component serves flows that still have such an endpoint, or one that speaks the same protocol (`domain`).',
  ].join('\n'),
  faults: [
    { when: 'The keys are refused (401, 403)', effect: 'The job fails.', remedy: 'Check bkuid and secretKey in the Web Service Key tool.' },
    {
      when: 'A record is refused (400)',
      effect: 'It goes to the error path with the platform’s text.',
      remedy: 'Check site id and attributes.',
    },
    { when: 'The record has no id', effect: 'It goes to the error path.', remedy: 'Check `uniqueIdField`.' },
    {
      when: 'Throttled, busy or unreachable',
      effect: 'The call is repeated with growing pauses, or after `Retry-After`.',
      remedy: 'None is needed; lower `maxConnections` when it happens often.',
    },
  ],
  limits: [
    '1,000 calls a second, one for each record.',
    `The attributes of one record may take ${LONGEST_ADDRESS} bytes of address; larger records go to the error path.`,
  ],
  params: z.object({
    siteId: z.string().min(1).meta({ title: 'Site id', help: 'The BlueKai site (container) the data belongs to.', source: 'doc' }),
    bkuid: z.string().min(1).meta({ title: 'User key', help: 'The web service user key.', source: 'doc' }),
    secretKey: secret().meta({
      secret: true,
      title: 'Private key',
      help: 'The web service private key; it signs each call.',
      source: 'doc',
    }),
    uniqueIdField: fieldPath().meta({
      fieldPath: true,
      title: 'Id',
      help: 'The field with the user’s id, sent as `puserid`.',
      examples: ['UID'],
      source: 'doc',
    }),
    domain: z
      .string()
      .min(1)
      .superRefine(none(addressFault))
      .default('http://api.tags.bluekai.com')
      .meta({ title: 'Address', help: 'The API host.', source: 'obs' }),
    version: z.string().min(1).default('v1.2').meta({ title: 'Version', help: 'Version of the API.', advanced: true, source: 'obs' }),
    maxConnections: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ title: 'Parallel calls', help: 'Calls in flight at the same time.', source: 'choice' }),
    timeout: z
      .int()
      .min(1)
      .max(600)
      .default(60)
      .meta({ title: 'Timeout', help: 'How long to wait for an answer.', unit: 'seconds', advanced: true, source: 'choice' }),
  }),
  examples: [{ title: 'By UID', params: { siteId: '48419', bkuid: 'its-user-key', secretKey: 'its-private-key', uniqueIdField: 'UID' } }],
  delivery: 'idempotent-by-key',
  connect: async ({ maxConnections, timeout, ...params }, ctx) =>
    openBluekai({ ...params, connections: maxConnections, timeoutMs: timeout * 1000 }, ctx),
  batchSize: () => 1,
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { connection, params: { uniqueIdField }, reject }) {
    const idOf = compileGet(uniqueIdField);
    const written: DataRecord[] = [];
    for (const record of records) {
      try {
        const { id, attributes } = userOf(record, idOf(record), uniqueIdField);
        await connection.sendUser(id, attributes);
        written.push(record);
      } catch (thrown) {
        if (!(thrown instanceof RecordError)) throw thrown;
        reject(record, thrown);
      }
    }
    return written;
  },
});

function userOf(record: DataRecord, id: unknown, field: string): { id: string; attributes: [string, string][] } {
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '')
    throw new RecordError(`The record has no id: ${field} is ${id === undefined ? 'missing' : 'no text'}.`, { code: 'invalidRecord' });
  const attributes = attributesOf(record, field);
  const texts = attributes.map(([key, value]) => `&phint=${key}=${value}`).join('');
  if (!texts.isWellFormed())
    throw new RecordError('A value holds half a character (a lone surrogate), which cannot be sent. Remove it with field.replace.', {
      code: 'invalidRecord',
    });
  if (encodeURIComponent(texts).length > LONGEST_ADDRESS)
    throw new RecordError(`The attributes take more than ${LONGEST_ADDRESS} bytes. Send fewer fields: use field.select before.`, {
      code: 'limitExceeded',
    });
  return { id: String(id), attributes };
}
