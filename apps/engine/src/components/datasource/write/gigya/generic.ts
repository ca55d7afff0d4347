import { z } from 'zod';
import { type GigyaParams, openGigya } from '#connectors/gigya/client.ts';
import { writeFaults } from '#connectors/gigya/faults.ts';
import { addResponse, maxConnections } from '#connectors/gigya/params.ts';
import { namesCaller } from '#connectors/gigya/record-params.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { writeEach } from '#connectors/gigya/write-each.ts';
import { ConfigError, compileGet, type DataRecord, defineRecordWriter, fieldPath, type Json } from '#dataflow';

const apiParam = z.object({
  paramName: z.string().min(1).meta({ title: 'Parameter', help: 'Name of the parameter of the method.', source: 'doc' }),
  sourceField: fieldPath().optional().meta({
    title: 'Field',
    help: 'Field of the record whose value is sent. A record without the field leaves the parameter out.',
    source: 'doc',
  }),
  value: z.string().optional().meta({
    title: 'Constant',
    help: `Value to send for every record, when no field is given. \${jobId}, \${now} and \${apiKey} are filled in.`,
    placeholders: true,
    source: 'doc',
  }),
});

const params = z.object({
  apiMethod: z
    .string()
    .regex(/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)?$/)
    .meta({
      title: 'Method',
      help: 'Method of the REST API with its namespace.',
      examples: ['accounts.deleteAccount', 'accounts.importLiteAccount', 'ds.store'],
      source: 'doc',
    }),
  apiParams: z.array(apiParam).default([]).meta({
    title: 'Parameters',
    help: 'One line for each parameter of the method, from a field of the record or a constant. Objects are sent as JSON.',
    source: 'doc',
  }),
  addResponse: addResponse(),
  maxConnections: maxConnections(10, 'Calls at the same time.'),
  ...otherSiteParams,
});

type Params = z.output<typeof params>;

export default defineRecordWriter({
  type: 'datasource.write.gigya.generic',
  title: 'Call a Gigya method',
  summary: 'Calls any method of the REST API once for each record.',
  notes: [
    '- A parameter takes its value from a field of the record (a path such as `_response.UID`) or is a constant. When both are given, the field counts; a record that lacks the field leaves the parameter out.',
    '- Texts are sent as they are, numbers and booleans as text, objects and lists as JSON, `null` as `null`.',
    '- Parameters that say who makes a call (`apiKey`, `userKey`, `secret`, `sig`, `timestamp`, `nonce`, `oauth_token`) are refused: give the credentials of the other site instead.',
    '- Answers that say "partly done" (200008 to 200010, 206001 to 206003) count as success.',
    '- With `addResponse` the answer is found in `_response`, `context` and refusals included.',
    '- **Delivery**: at least once. A call that got no answer, or a busy one, is repeated; whether that does harm depends on the method.',
  ].join('\n'),
  faults: [
    ...writeFaults,
    {
      when: 'The method does not exist (405001)',
      effect: 'The job fails.',
      remedy: 'Write the method with its namespace, e.g. accounts.deleteAccount.',
    },
    {
      when: 'Accounts are deleted while the site sends mails about it (401000 "Invalid policy configuration")',
      effect: 'Every record goes to the error path.',
      remedy: 'Turn the account-deleted mail of the site’s policies off for the time of the job.',
    },
  ],
  limits: ['One call for each record.', 'Files cannot be sent.'],
  params,
  examples: [
    {
      title: 'Delete accounts',
      params: { apiMethod: 'accounts.deleteAccount', apiParams: [{ paramName: 'UID', sourceField: 'UID', value: '' }] },
    },
    {
      title: 'Lite accounts, with the job that made them',
      params: {
        apiMethod: 'accounts.importLiteAccount',
        apiParams: [
          { paramName: 'email', sourceField: 'email' },
          { paramName: 'profile', sourceField: 'profile' },
          { paramName: 'context', value: `\${jobId}` },
        ],
        maxConnections: 20,
        addResponse: true,
      },
    },
  ],
  delivery: 'at-least-once',
  connect: async (params, ctx) => {
    refuseCredentials(params, ctx.step);
    return openGigya(siteOf(params, ctx), ctx, { connections: params.maxConnections });
  },
  batchSize: () => 1,
  concurrency: ({ maxConnections }) => maxConnections,
  write(records, { connection, params: { apiMethod, apiParams, addResponse }, reject, fill }) {
    const values = apiParams.map(({ paramName, sourceField, value = '' }) => ({ paramName, read: reader(sourceField, fill(value)) }));
    const paramsOf = (record: DataRecord): GigyaParams =>
      Object.fromEntries(values.map(({ paramName, read }) => [paramName, read(record)]));
    return writeEach(records, { call: (record) => connection.call(apiMethod, paramsOf(record), { ofRecord: true }), addResponse, reject });
  },
});

const reader = (sourceField: string | undefined, constant: string): ((record: DataRecord) => Json | undefined) =>
  sourceField === undefined ? () => constant : compileGet(sourceField);

function refuseCredentials({ apiParams }: Params, step: string): void {
  const index = apiParams.findIndex(({ paramName }) => namesCaller(paramName));
  if (index < 0) return;
  const { paramName = '' } = apiParams[index] ?? {};
  throw new ConfigError(
    `${paramName} says who makes the call, so it cannot be a parameter of the method. Give apiKey, userKey and secret as parameters of the step.`,
    { code: 'invalidParameter', step, field: `params.apiParams[${index}].paramName` },
  );
}
