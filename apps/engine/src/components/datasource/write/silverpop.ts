import { z } from 'zod';
import { BatchOutcome } from '#connectors/batch-outcome.ts';
import { hostFault, none } from '#connectors/endpoint.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { faultText, openSilverpop } from '#connectors/silverpop/client.ts';
import type { ActionAnswer } from '#connectors/silverpop/envelope.ts';
import { silverpopParams } from '#connectors/silverpop/params.ts';
import { recipientMaker } from '#connectors/silverpop/recipient-actions.ts';
import { type DataRecord, defineRecordWriter, fieldPath, RecordError, secret } from '#dataflow';

const unused = 'Kept for stored flows; contacts go by the API, so nothing is sent to it.';

const params = z.object({
  ...silverpopParams,
  newsletterField: fieldPath()
    .optional()
    .meta({
      fieldPath: true,
      title: 'Flag',
      help: 'Field with the subscription flag: true opts the contact in, false opts it out.',
      examples: ['data.subscribed'],
      source: 'doc',
    }),
  host: z.string().superRefine(none(hostFault)).optional().meta({ title: 'SFTP host', help: unused, advanced: true, source: 'doc' }),
  username: z.string().optional().meta({ title: 'SFTP user', help: unused, advanced: true, source: 'doc' }),
  password: secret().optional().meta({ secret: true, title: 'SFTP password', help: unused, advanced: true, source: 'doc' }),
  syncFields: z
    .string()
    .regex(/[^\s,]/, 'Name at least one column.')
    .default('EMAIL')
    .meta({
      title: 'Look up by',
      help: 'Comma separated columns that find a contact in a database without a unique identifier; not used with one.',
      advanced: true,
      source: 'choice',
    }),
  batchSize: z
    .int()
    .min(1)
    .max(100)
    .default(50)
    .meta({ title: 'Records in a call', help: 'Contacts in one envelope.', advanced: true, source: 'choice' }),
  maxConnections: z.int().min(1).max(10).default(3).meta({
    title: 'Parallel calls',
    help: 'Calls at the same time; the organization is allowed ten, of all that use the API. With several, two records of one contact may be written in either order.',
    advanced: true,
    source: 'choice',
  }),
});

export default defineRecordWriter({
  type: 'datasource.write.silverpop',
  title: 'Write contacts to Silverpop',
  summary:
    'Adds and updates contacts of a list in Silverpop (IBM Watson Campaign Automation, Acoustic Campaign), and opts them in and out.',
  notes: [
    'Contacts are written by the XML API: `AddRecipient` with `UPDATE_IF_FOUND`, 50 in one envelope; each contact is answered for itself.',
    '',
    '- **Records, not files**: the original’s template puts a DSV step before this one and the original then imported the file by SFTP, while its console also showed the step right after record steps. Here it takes records, because the answer of an import cannot be told apart by record. In a flow with a DSV step before it remove that step. `host`, `username` and `password` are taken and not used.',
    '- Fields of a record are columns of the list by their names, which are case-sensitive; only `EMAIL` may be written in any case. A column that the list does not have fails the record with the platform’s text.',
    '- The contact is found by the unique identifier of the database, which the platform tells, or by `syncFields` when it has none; the record must have those fields.',
    '- Fields that a record does not have stay as they are; null clears. `true` and `false` are sent as `Yes` and `No`.',
    '- `newsletterField`: true opts in (`CREATED_FROM` 2, opted-in), false opts out (`OptOutRecipient` after the contact is written); the record then needs `EMAIL`. A flag that is missing, null or empty leaves the status as it is; `1`, `yes`, `subscribed`, `0`, `no`, `unsubscribed` … are understood, anything else fails the record.',
    '- An envelope that is refused as a whole is halved until the records at fault stand alone.',
    '- **Delivery**: the same record written twice leaves one contact in the same state.',
    '- Rests on developer.goacoustic.com: XML API overview, AddRecipient, OptOutRecipient, GetListMetaData. Silverpop’s old addresses (`api5.silverpop.com`) ended in 2020; the pod’s number leads to the new one. Chosen here, where the documentation is silent: that opted-in (2) also takes back an opt-out, and how many contacts an envelope holds.',
  ].join('\n'),
  faults: [
    {
      when: 'Refused credentials',
      effect: 'The job fails.',
      remedy: 'Check client id, client secret and refresh token, and that they are of this pod.',
    },
    { when: 'Unknown list', effect: 'The job fails before anything is written.', remedy: 'Check `listId` and the rights of the user.' },
    {
      when: 'A contact is refused: unknown column, wrong value, wrong address, missing key',
      effect: 'That record goes to the error path with the platform’s text and error number.',
      remedy: 'Rename or mend the field; names of columns are case-sensitive.',
    },
    { when: 'Too many concurrent requests', effect: 'All calls of the step pause and are repeated.', remedy: 'Lower the parallel calls.' },
    { when: 'The access token has expired', effect: 'A new one is fetched and the call repeated.', remedy: 'None.' },
    { when: 'Busy or unreachable', effect: 'The call is repeated with growing pauses, or after `Retry-After`.', remedy: 'None.' },
  ],
  limits: [
    'Ten calls at a time for all that use the organization. 100 contacts in a call at most.',
    'Objects and lists cannot be sent; control characters neither, as XML cannot carry them.',
    'An opt-out is queued by the platform and may happen a little later. Contacts are not deleted.',
    'Contact lists and relational tables are not written; `listId` names a database.',
  ],
  params,
  examples: [
    {
      title: 'Accounts with their subscription',
      params: {
        clientId: 'its-client-id',
        clientSecret: 'its-client-secret',
        refreshToken: 'its-refresh-token',
        listId: '59294',
        podNumber: 5,
        newsletterField: 'data.subscribed',
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ maxConnections, timeout, ...settings }, ctx) =>
    openSilverpop({ ...settings, connections: maxConnections, timeoutMs: timeout * 1000 }, ctx),
  batchSize: ({ batchSize }) => batchSize,
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { params: { listId, newsletterField, syncFields }, connection, signal, log, reject }) {
    const outcome = new BatchOutcome();
    const mapping = {
      listId,
      newsletterField,
      syncFields: syncFields
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    };
    const actionsOf = recipientMaker(mapping, await connection.list());
    const actions = new Map<DataRecord, string[]>();
    for (const record of records) {
      const made = outcome.attempt(record, actionsOf);
      if (made) actions.set(record, made);
    }
    if (actions.size === 0) return outcome.settle(records, reject);
    const send = (part: DataRecord[]) => connection.actions(part.flatMap((record) => actions.get(record) ?? []));
    const parts = await isolateRefusals([...actions.keys()], send, { signal, log, reject: outcome.refuse });
    for (const { records: part, answer } of parts) {
      const rest = [...answer];
      for (const record of part) {
        const refusal = refusalOf(rest.splice(0, actions.get(record)?.length));
        if (refusal) outcome.refuse(record, refusal);
      }
    }
    return outcome.settle(records, reject);
  },
});

function refusalOf(answers: readonly ActionAnswer[]): RecordError | undefined {
  const fault = answers.find((answer) => answer.fault)?.fault;
  return fault && new RecordError(`Silverpop refused the contact: ${faultText(fault)}`, { code: fault.code ?? 'targetRefused' });
}
