import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { writeFaults } from '#connectors/gigya/faults.ts';
import { AccountImports } from '#connectors/gigya/import-account.ts';
import { addResponse, maxConnections } from '#connectors/gigya/params.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { writeEach } from '#connectors/gigya/write-each.ts';
import { defineRecordWriter } from '#dataflow';

export default defineRecordWriter({
  type: 'datasource.write.gigya.importaccount',
  title: 'Import accounts',
  summary: 'Creates or replaces one full account for each record with accounts.importFullAccount.',
  notes: [
    'The record is the account: its top-level fields are the parameters of `accounts.importFullAccount` (`UID`, `loginIDs`, `emails`, `profile`, `data`, `password`, `isActive`, `lang`, `context` …), their names in any letter case; names with dots nest. An import sends no mails, runs no webhooks and overwrites instead of merging: each group that is sent (`profile`, `data`, `loginIDs` …) replaces the one that is there.',
    '',
    '- **Without a UID** a record gets a new one, as `createUID` asks for. It is made here and not by the platform, so that a call that has to be repeated cannot make a second account; `addResponse` tells it as `_response.UID`.',
    '- **`importPolicy`** of the step counts, whatever the record says.',
    '- **`handleIdentityConflicts`**: `connect` is seen in real flows; what the platform calls the other way was not found, so `fail` sends nothing and the platform refuses the account.',
    '- **`context`** of a record comes back in `_response.context`, as text: flows carry values past the import with it.',
    '- **Delivery**: the same record imported twice leaves the same account with `upsert`. With `insert`, a repeated call whose first answer was lost may be reported as "identifier exists" (400003) when the record brought its own UID.',
    '- The order of records is not kept, so one UID should stand in a job only once.',
  ].join('\n'),
  faults: [
    ...writeFaults,
    {
      when: 'The UID or a login identifier exists (400003)',
      effect: 'The record goes to the error path.',
      remedy: 'Use upsert to overwrite accounts that exist, or look them up first.',
    },
    {
      when: 'One UID is imported more than five times within a minute (503001)',
      effect: 'The call is repeated for about half a minute, then the record goes to the error path.',
      remedy: 'Let a UID stand in a job only once.',
    },
  ],
  limits: [
    'One call for each record. The platform recommends at most 200,000 accounts in a file.',
    'The platform takes at most five imports of one UID in a minute.',
    'SAML and OIDC identities cannot be imported.',
  ],
  params: z.object({
    importPolicy: z.enum(['insert', 'upsert']).default('insert').meta({
      title: 'Existing accounts',
      help: '`insert` refuses an account whose UID exists; `upsert` overwrites it.',
      source: 'obs',
    }),
    handleIdentityConflicts: z.enum(['fail', 'connect']).default('fail').meta({
      title: 'Identity conflicts',
      help: 'A social identity that belongs to another account: `fail` refuses the import, `connect` connects the identity to the imported account.',
      source: 'obs',
    }),
    maxConnections: maxConnections(20, 'Accounts imported at the same time.'),
    addResponse: addResponse(),
    ...otherSiteParams,
  }),
  examples: [
    { title: 'Create accounts, or overwrite those that exist', params: { importPolicy: 'upsert' } },
    {
      title: 'Create accounts, take social identities over, keep the answers for a report',
      params: { importPolicy: 'insert', handleIdentityConflicts: 'connect', maxConnections: 20, addResponse: true },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async (params, ctx) => {
    const { importPolicy, handleIdentityConflicts: conflicts } = params;
    const gigya = openGigya(siteOf(params, ctx), ctx, { connections: params.maxConnections });
    const options = { importPolicy, ...(conflicts === 'connect' ? { handleIdentityConflicts: conflicts } : {}) };
    return Object.assign(gigya, { imports: new AccountImports(gigya, options) });
  },
  batchSize: () => 1,
  concurrency: ({ maxConnections }) => maxConnections,
  write: (records, { connection: { imports }, params: { addResponse }, reject }) =>
    writeEach(records, { call: (record) => imports.importOne(record), addResponse, reject }),
});
