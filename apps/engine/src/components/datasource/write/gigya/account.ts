import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { writeFaults } from '#connectors/gigya/faults.ts';
import { addResponse, maxConnections } from '#connectors/gigya/params.ts';
import { accountParams } from '#connectors/gigya/record-params.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { writeEach } from '#connectors/gigya/write-each.ts';
import { defineRecordWriter } from '#dataflow';

export default defineRecordWriter({
  type: 'datasource.write.gigya.account',
  title: 'Write accounts',
  summary: 'Updates one account for each record; the record’s fields become parameters of accounts.setAccountInfo.',
  notes: [
    'The account is named by `UID` (or `uid`), or by `regToken`. Fields that are not sent stay as they are; `null` removes a value. It does not create accounts.',
    '',
    '- Names with dots nest: `profile.email` becomes `{"profile": {"email": …}}`.',
    '- Names of parameters are matched without regard to case (`UID`, `uid`); fields the platform does not know are refused or stored by its own rules. Fields called like the credentials of a call (`apiKey`, `userKey`, `secret`, `sig` …) are not sent.',
    '- Answers that say "partly done" (200008 to 200010, 206001 to 206003) count as written.',
    '- A refused account goes to the error path with the platform’s code and text. When the platform says that there are too many calls, all of the step wait their turn, up to two minutes each. Busy answers and server errors are repeated; an account that still gets one after that goes to the error path.',
    '- **Delivery**: the same record written twice leaves the same account. Two records of one account in one job may be written in either order.',
  ].join('\n'),
  faults: [
    ...writeFaults,
    {
      when: 'No account has the UID (403005 or 404003)',
      effect: 'The record goes to the error path.',
      remedy: 'To create accounts use datasource.write.gigya.importaccount.',
    },
  ],
  limits: [
    'One call for each record.',
    'The platform refuses more than five calls at a time for one account (409030); such calls are repeated.',
    'It does not create accounts.',
  ],
  params: z.object({
    maxConnections: maxConnections(10, 'Accounts written at the same time.'),
    addResponse: addResponse(),
    ...otherSiteParams,
  }),
  examples: [
    { title: 'Ten accounts at a time', params: { maxConnections: 10 } },
    { title: 'Keep the answers for a report', params: { addResponse: true } },
  ],
  delivery: 'idempotent-by-key',
  connect: async (params, ctx) => openGigya(siteOf(params, ctx), ctx, { connections: params.maxConnections }),
  batchSize: () => 1,
  concurrency: ({ maxConnections }) => maxConnections,
  write: (records, { connection, params: { addResponse }, reject }) =>
    writeEach(records, { call: (record) => connection.call('accounts.setAccountInfo', accountParams(record)), addResponse, reject }),
});
