import { z } from 'zod';
import { accountParams } from '#connectors/gigya/account-params.ts';
import { openGigya } from '#connectors/gigya/client.ts';
import { RefusedCall } from '#connectors/gigya/outcome.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { type DataRecord, defineRecordWriter, RecordError } from '#dataflow';

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
  params: z.object({
    maxConnections: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ title: 'Parallel calls', help: 'Accounts written at the same time.', source: 'obs' }),
    addResponse: z
      .boolean()
      .default(false)
      .meta({ title: 'Add the answer', help: 'Adds the platform’s answer to the record as `_response`.', source: 'inf' }),
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
  async write(records, { connection, params: { addResponse }, reject }) {
    const written: DataRecord[] = [];
    for (const record of records) {
      try {
        const answer = await connection.call('accounts.setAccountInfo', accountParams(record));
        if (addResponse) record._response = answer;
        written.push(record);
      } catch (thrown) {
        if (!(thrown instanceof RecordError)) throw thrown;
        reject(addResponse && thrown instanceof RefusedCall ? { ...record, _response: thrown.answer } : record, thrown);
      }
    }
    return written;
  },
});
