import { z } from 'zod';
import { addressFault, none } from '#connectors/endpoint.ts';
import { type DataExtensionRow, openExactTarget, primaryKeyList } from '#connectors/exacttarget.ts';
import { flatFields } from '#connectors/flat-record.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { type DataRecord, defineRecordWriter, put, RecordError, secret } from '#dataflow';

/** What the platform recommends at most in one synchronous call. */
const ROWS_IN_A_CALL = 50;

const params = z.object({
  clientId: z
    .string()
    .min(1)
    .meta({ title: 'Client id', help: 'Client id of the installed package (API integration, server to server).', source: 'doc' }),
  clientSecret: secret().meta({ title: 'Client secret', help: 'Client secret of the installed package.', source: 'doc' }),
  dataExtension: z
    .string()
    .min(1)
    .meta({ title: 'Data extension', help: 'External key of the data extension.', examples: ['GigyaSubscribers'], source: 'doc' }),
  primaryKeys: z
    .string()
    .min(1)
    .regex(/[^\s,]/, 'Name at least one column.')
    .meta({
      title: 'Primary keys',
      help: 'Comma separated primary key columns of the data extension. They name the row; all other fields of a record are its values.',
      examples: ['GUID,EMAIL'],
      source: 'doc',
    }),
  authUrl: z
    .string()
    .min(1)
    .superRefine(none(addressFault))
    .default('https://auth.exacttargetapis.com/v1/requestToken')
    .meta({
      title: 'Authentication address',
      help: 'Authentication Base URI of the installed package. When it is not given, the shared address of packages of the older kind is used.',
      examples: ['https://mc563885gzs27c5t9-63k636ttgm.auth.marketingcloudapis.com/'],
      formerly: ['apiUrl'],
      source: 'choice',
    }),
  accountId: z.string().regex(/^\d+$/, 'Give the number (MID) of the business unit.').optional().meta({
    title: 'Business unit',
    help: 'Number (MID) of the business unit; the one that made the package when not given. Not for packages of the older kind.',
    advanced: true,
    source: 'choice',
  }),
  maxConnections: z
    .int()
    .min(1)
    .max(20)
    .default(5)
    .meta({ title: 'Parallel calls', help: 'Calls in flight at the same time.', advanced: true, source: 'choice' }),
});

export default defineRecordWriter({
  type: 'datasource.write.exacttarget',
  title: 'Write to Salesforce Marketing Cloud',
  summary: 'Inserts and updates rows of a data extension of Marketing Cloud (ExactTarget).',
  notes: [
    'Field names of a record are the column names of the data extension. The fields named in `primaryKeys` find the row; when there is none, one is inserted. Columns that a record does not have stay as they are.',
    '',
    '- **Which call**: the synchronous `hub/v1/dataevents/key:…/rowset`, 50 rows at a time, as its documentation recommends. The asynchronous one takes more rows, but its results do not say which row they mean, so a refusal could not be given back to its record.',
    '- A rowset is saved whole or not at all. When it is refused it is halved until the rows at fault stand alone; they go to the error path with the code and text of the platform, all others are saved.',
    '- **Signing in**: with the Authentication Base URI of the package by OAuth 2 (`v2/token`), which also tells the address of the REST API. Without one by the older `v1/requestToken`, as the original did. `authUrl`, `accountId` and `maxConnections` are additions.',
    '- **Delivery**: the same row written twice leaves the same row.',
  ].join('\n'),
  faults: [
    {
      when: 'Refused credentials (401)',
      effect: 'The job fails.',
      remedy: 'Check client id and secret, and that the address is the Authentication Base URI of the same package.',
    },
    {
      when: 'Unknown data extension (10001)',
      effect: 'The job fails.',
      remedy: 'Give the external key, not the name, and the business unit it belongs to.',
    },
    { when: 'Primary key does not exist (10000)', effect: 'The job fails.', remedy: 'Name the primary key columns of the data extension.' },
    {
      when: 'A value does not fit its column (10006)',
      effect: 'That record goes to the error path with the column and the reason.',
      remedy: 'Mend the value or the column.',
    },
    {
      when: 'A record without a primary key, or with a list or an object in a field',
      effect: 'That record goes to the error path.',
      remedy: 'Fill or flatten the field in an earlier step.',
    },
    {
      when: 'Too many calls (429), busy, connection lost',
      effect: 'The call is repeated, after Retry-After when it is given.',
      remedy: 'None, or fewer parallel calls.',
    },
  ],
  limits: ['50 rows and 5 MB in a call.', 'Rows are not deleted.', 'The order of calls is not kept when there are several at a time.'],
  params,
  examples: [
    {
      title: 'Subscribers by id and mail address',
      params: {
        clientId: 'your-client-id',
        clientSecret: 'your-client-secret',
        dataExtension: 'GigyaSubscribers',
        primaryKeys: 'GUID,EMAIL',
        authUrl: 'https://your-subdomain.auth.marketingcloudapis.com/',
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ dataExtension, maxConnections, ...settings }, ctx) =>
    openExactTarget({ ...settings, connections: maxConnections }, ctx, dataExtension),
  batchSize: () => ROWS_IN_A_CALL,
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { params: { dataExtension, primaryKeys }, connection, ...ctx }) {
    const keys = primaryKeyList(primaryKeys);
    const rows = new Map<DataRecord, DataExtensionRow>();
    const unfit = new Map<DataRecord, unknown>();
    for (const record of records) {
      try {
        rows.set(record, rowOf(record, keys));
      } catch (thrown) {
        unfit.set(record, thrown);
      }
    }
    const send = (part: DataRecord[]) =>
      connection.upsertRows(
        dataExtension,
        part.flatMap((record) => rows.get(record) ?? []),
      );
    const parts = rows.size === 0 ? [] : await isolateRefusals([...rows.keys()], send, ctx);
    // Only now: a call that is repeated must not have rejected anything.
    for (const [record, thrown] of unfit) ctx.reject(record, thrown);
    return parts.flatMap((part) => part.records);
  },
});

function rowOf(record: DataRecord, keyNames: readonly string[]): DataExtensionRow {
  const row: DataExtensionRow = { keys: {}, values: {} };
  for (const [name, value] of flatFields(record)) {
    const key = keyNames.find((known) => known.toLowerCase() === name.toLowerCase());
    if (key === undefined) put(row.values, name, value);
    else put(row.keys, key, value);
  }
  const missing = keyNames.find((name) => row.keys[name] === undefined || row.keys[name] === null || row.keys[name] === '');
  if (missing !== undefined)
    throw new RecordError(`The record has no ${missing}, which is a primary key of the data extension.`, { code: 'invalidRecord' });
  return row;
}
