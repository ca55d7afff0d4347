import { z } from 'zod';
import { flatFields } from '#connectors/flat-record.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { openMarketo } from '#connectors/marketo/client.ts';
import { leadRefusal } from '#connectors/marketo/lead-refusal.ts';
import { marketoParams } from '#connectors/marketo/sign-in-params.ts';
import { type DataRecord, defineRecordWriter, FatalError } from '#dataflow';

/** Most leads the platform takes in one call. */
const LEADS_IN_A_CALL = 300;

const params = z.object({
  ...marketoParams,
  lookupField: z
    .string()
    .min(1)
    .default('email')
    .meta({
      title: 'Look up by',
      help: 'Lead field (REST name) that finds the lead; when there is none, one is created.',
      examples: ['email', 'id', 'guid'],
      source: 'choice',
    }),
  partitionName: z.string().min(1).optional().meta({
    title: 'Partition',
    help: 'Lead partition to write to, where the subscription has several.',
    advanced: true,
    source: 'choice',
  }),
  maxConnections: z.int().min(1).max(10).default(3).meta({
    title: 'Parallel calls',
    help: 'Calls in flight at the same time; the subscription takes 10 of all its users together.',
    advanced: true,
    source: 'choice',
  }),
});

export default defineRecordWriter({
  type: 'datasource.write.marketo',
  title: 'Write leads to Marketo',
  summary: 'Creates and updates leads of Marketo Engage, 300 in a call.',
  notes: [
    'Field names of a record are the REST names of lead fields. Fields that a record does not have stay as they are; null clears a value.',
    '',
    '- The lead is found by `lookupField` (an addition; `email` is also the platform’s own choice) and created when there is none (`createOrUpdate`).',
    '- Each lead is answered for itself: one that is skipped goes to the error path with the platform’s code and text, the others on.',
    '- A call refused as a whole is halved until the records at fault stand alone.',
    '- **Delivery**: the same record written twice leaves one lead. Two records of one new lead in one job may be written at the same time; set `maxConnections` to 1 where a flow can hold such.',
  ].join('\n'),
  faults: [
    {
      when: 'Refused credentials',
      effect: 'The job fails.',
      remedy: 'Check client id and secret of the custom service, and the base address.',
    },
    { when: 'Access denied (603)', effect: 'The job fails.', remedy: 'Give the role of the API user read and write access to leads.' },
    {
      when: 'Lookup field unknown or not able to find leads (1006, 1011)',
      effect: 'The job fails.',
      remedy: 'Use the REST name of a field that can find leads.',
    },
    {
      when: 'A lead is skipped: unknown field (1006), wrong value (1001, 1003), several leads found (1007)',
      effect: 'That record goes to the error path.',
      remedy: 'Mend the field, or merge the leads in Marketo.',
    },
    { when: 'Daily quota of calls used up (607)', effect: 'The job fails.', remedy: 'Run it again the next day, or ask for more.' },
    {
      when: 'Too many calls (606, 615), busy, connection lost',
      effect: 'The call is repeated; all calls of the step pause.',
      remedy: 'None, or fewer parallel calls.',
    },
  ],
  limits: ['300 leads and 1 MB in a call.', 'Five calls a second, so at most 1,500 leads a second.', 'Leads are not deleted.'],
  params,
  examples: [
    {
      title: 'Leads by mail address',
      params: { baseUrl: 'https://123-ABC-456.mktorest.com/rest', clientId: 'your-client-id', clientSecret: 'your-client-secret' },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ maxConnections, ...settings }, ctx) => openMarketo({ ...settings, connections: maxConnections }, ctx),
  batchSize: () => LEADS_IN_A_CALL,
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { params: { lookupField, partitionName }, connection, ...ctx }) {
    const leads = new Map<DataRecord, DataRecord>();
    const refused = new Map<DataRecord, unknown>();
    for (const record of records) {
      try {
        leads.set(record, Object.fromEntries(flatFields(record)));
      } catch (thrown) {
        refused.set(record, thrown);
      }
    }
    const send = async (part: DataRecord[]) => {
      const json = {
        action: 'createOrUpdate',
        lookupField,
        ...(partitionName && { partitionName }),
        input: part.map((record) => leads.get(record) ?? {}),
      };
      const results = await connection.results({ path: 'rest/v1/leads.json', json });
      if (results.length === part.length) return results;
      throw new FatalError(`Marketo answered ${results.length} results to ${part.length} leads; which were written is not known.`, {
        code: 'targetRefused',
      });
    };
    const parts = leads.size === 0 ? [] : await isolateRefusals([...leads.keys()], send, ctx);
    const written = parts.flatMap(({ records: part, answer }) =>
      part.filter((record, i) => {
        const refusal = leadRefusal(answer[i] ?? {});
        if (refusal) refused.set(record, refusal);
        return refusal === undefined;
      }),
    );
    // Only now: a call that is repeated must not have rejected anything.
    for (const [record, thrown] of refused) ctx.reject(record, thrown);
    return written;
  },
});
