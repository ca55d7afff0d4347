import { z } from 'zod';
import { BatchOutcome } from '#connectors/batch-outcome.ts';
import { type CampaignMonitorList, openCampaignMonitor, type SubscriberInput } from '#connectors/campaign-monitor/campaign-monitor.ts';
import { campaignMonitorFaults, campaignMonitorParams } from '#connectors/campaign-monitor/params.ts';
import { subscriberAddress, subscriberMaker } from '#connectors/campaign-monitor/subscriber-input.ts';
import { distinctRounds } from '#connectors/distinct-rounds.ts';
import { eachAtMost } from '#connectors/each-at-most.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { wishReader, withoutFlag } from '#connectors/subscription-flag.ts';
import { type DataRecord, defineRecordWriter, RecordError, type StepContext } from '#dataflow';

const LARGEST_IMPORT = 1000;

const params = z.object({
  apiKey: campaignMonitorParams.apiKey,
  listId: campaignMonitorParams.listId,
  newsletterField: z
    .string()
    .min(1)
    .meta({ fieldPath: true, title: 'Flag', help: 'Field with the subscription flag.', examples: ['newsletterField'], source: 'doc' }),
  withoutFlag,
  resubscribe: z.boolean().default(false).meta({
    title: 'Subscribe again',
    help: 'Also subscribes those who unsubscribed, bounced or were deleted. Only with their consent: the law of most countries asks for it.',
    source: 'choice',
  }),
  consentToTrack: z.enum(['Yes', 'No', 'Unchanged']).default('Unchanged').meta({
    title: 'Consent to tracking',
    help: 'Whether subscribers agreed that their opening and clicking is recorded. The platform asks for it with each subscriber.',
    advanced: true,
    source: 'choice',
  }),
  maxConnections: z.int().min(1).max(20).default(4).meta({
    title: 'Parallel calls',
    help: 'People unsubscribed at the same time; each is a call of its own.',
    advanced: true,
    source: 'choice',
  }),
  apiUrl: campaignMonitorParams.apiUrl,
  timeout: campaignMonitorParams.timeout,
});

type Context = StepContext<z.output<typeof params>, CampaignMonitorList>;

export default defineRecordWriter({
  type: 'datasource.write.campaignmonitor',
  title: 'Write Campaign Monitor subscribers',
  summary: 'Adds and updates subscribers of a Campaign Monitor list, 1000 in a call, and unsubscribes those who do not want mails.',
  notes: [
    'API 3.3, `POST /subscribers/{id}/import.json` and `…/unsubscribe.json`. Fields are named like Campaign Monitor’s: `EmailAddress`, `Name`, and the custom fields of the list by name or key, upper or lower case.',
    '',
    '- The flag in `newsletterField` decides: true adds or updates, false unsubscribes (one call for each; who is not in the list is as wanted). `1`, `yes`, `0`, `no` … are understood; anything else fails the record.',
    '- Fields that are no field of the list are not sent; the trace names each once. A null changes nothing, an empty text clears a custom field. A list is sent to a field of several choices; elsewhere lists and objects fail the record.',
    '- A subscriber that is refused goes to the error path with code and text; an import that is refused as a whole is halved until the records at fault stand alone.',
    '- Two records with one address are sent in their order.',
    '- **Delivery**: the same record written twice leaves the same subscriber. No autoresponder is started.',
    '- Chosen here, where the original is not documented: a record without a flag is not sent, and who left the list is not brought back.',
  ].join('\n'),
  faults: [
    ...campaignMonitorFaults,
    {
      when: '"Is Unsubscribed" (206), "Is Deleted" (205), "Is Bounced" (207), "Is Unconfirmed" (208), "In Suppression List" (204)',
      effect: 'The record goes to the error path with that code.',
      remedy: 'Clear the flag where it comes from, or, with the consent of these people, turn on "Subscribe again".',
    },
    {
      when: '"Invalid Email Address" (1)',
      effect: 'The record goes to the error path with code 1.',
      remedy: 'Correct the address where it comes from.',
    },
    {
      when: '"Failed to deserialize your request" (400)',
      effect: 'The import is halved until the record at fault stands alone; it goes to the error path.',
      remedy: 'Look at its fields: one has a value the platform cannot read.',
    },
  ],
  limits: [
    'An import has 1000 subscribers at most; unsubscribing takes one call for each person.',
    'A value of a custom field has 250 characters at most; a longer one fails the record.',
    'Mobile numbers and consent to text messages are not written; addresses are not changed.',
  ],
  params,
  examples: [
    {
      title: 'Accounts renamed to the fields of the list',
      params: { apiKey: '981298u298ue98u219e8u2e98u2', listId: 'a58ee1d3039b8bec838e6d1482a8a965', newsletterField: 'newsletterField' },
    },
    {
      title: 'With consent to come back and to tracking',
      params: {
        apiKey: '981298u298ue98u219e8u2e98u2',
        listId: 'a58ee1d3039b8bec838e6d1482a8a965',
        newsletterField: 'data.newsletter',
        resubscribe: true,
        consentToTrack: 'Yes',
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ maxConnections: connections, timeout, ...settings }, ctx) =>
    openCampaignMonitor({ ...settings, connections, timeoutMs: timeout * 1000 }, ctx),
  batchSize: () => LARGEST_IMPORT,
  async write(records, ctx) {
    const { params: wanted, connection, reject } = ctx;
    const outcome = new BatchOutcome();
    const wishOf = wishReader(wanted.newsletterField, wanted.withoutFlag);
    const makeSubscriber = subscriberMaker({ ...wanted, customFields: await connection.customFields(), unsent: connection.unsent });
    const coming = new Map<DataRecord, SubscriberInput>();
    const leaving = new Map<DataRecord, string>();
    for (const record of records) {
      const wish = outcome.attempt(record, wishOf);
      const subscriber = wish === 'subscribe' ? outcome.attempt(record, makeSubscriber) : undefined;
      const address = wish === 'unsubscribe' ? outcome.attempt(record, subscriberAddress) : undefined;
      if (subscriber) coming.set(record, subscriber);
      if (address !== undefined) leaving.set(record, address);
    }
    const keyOf = (record: DataRecord) => (coming.get(record)?.EmailAddress ?? leaving.get(record) ?? '').toLowerCase();
    const sent = records.filter((record) => coming.has(record) || leaving.has(record));
    for (const round of distinctRounds(sent, keyOf)) {
      await bringIn(new Map(round.flatMap((record) => pairOf(record, coming.get(record)))), { ctx, outcome });
      await eachAtMost(
        round.filter((record) => leaving.has(record)),
        wanted.maxConnections,
        async (record) => {
          await connection.unsubscribe(leaving.get(record) ?? '').catch((thrown) => {
            if (!(thrown instanceof RecordError)) throw thrown;
            outcome.refuse(record, thrown);
          });
        },
      );
    }
    return outcome.settle(records, reject);
  },
});

const pairOf = <T>(record: DataRecord, value: T | undefined): [DataRecord, T][] => (value === undefined ? [] : [[record, value]]);

async function bringIn(
  coming: ReadonlyMap<DataRecord, SubscriberInput>,
  { ctx, outcome }: { ctx: Context; outcome: BatchOutcome },
): Promise<void> {
  if (coming.size === 0) return;
  const { connection, params: wanted, signal, log } = ctx;
  const send = (part: DataRecord[]) =>
    connection.bringIn(
      part.flatMap((record) => coming.get(record) ?? []),
      wanted.resubscribe,
    );
  for (const { records, answer } of await isolateRefusals([...coming.keys()], send, { signal, log, reject: outcome.refuse })) {
    const failures = new Map(answer.map((failure) => [failure.address, failure]));
    for (const record of records) {
      const failure = failures.get(coming.get(record)?.EmailAddress.toLowerCase() ?? '');
      if (failure) outcome.refuse(record, new RecordError(failure.text, { code: failure.code }));
    }
  }
}
