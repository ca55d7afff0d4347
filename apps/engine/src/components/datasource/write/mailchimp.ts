import { z } from 'zod';
import { BatchOutcome } from '#connectors/batch-outcome.ts';
import { distinctRounds } from '#connectors/distinct-rounds.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { type BatchAnswer, type MemberInput, openMailchimp } from '#connectors/mailchimp/mailchimp.ts';
import { memberMaker } from '#connectors/mailchimp/member-input.ts';
import { mailchimpParams, maxConnections, timeout } from '#connectors/mailchimp/params.ts';
import { wishReader, withoutFlag } from '#connectors/subscription-flag.ts';
import { type DataRecord, defineRecordWriter, RecordError } from '#dataflow';

const LARGEST_BATCH = 500;

export default defineRecordWriter({
  type: 'datasource.write.mailchimp',
  title: 'Write Mailchimp members',
  summary: 'Adds, updates, subscribes and unsubscribes members of a Mailchimp list (audience), 500 in a call.',
  notes: [
    'Marketing API 3.0, `POST /lists/{id}` with `update_existing`. `EMAIL` (or `email_address`) names the member; the other fields are merge tags (`FNAME`, `LNAME` …), upper or lower case.',
    '',
    '- The flag in `newsletterField` decides: true subscribes, false unsubscribes. `1`, `yes`, `subscribed`, `0`, `no`, `unsubscribed` … are understood; anything else fails the record.',
    '- Fields that are no merge tag of the list are not sent; the trace names each once. A null changes nothing, an empty text clears the value. Lists and objects cannot be sent, only a merge tag of type address takes an object.',
    '- `interests` sets groups of the list: a field that is true joins the group, false leaves it, null changes nothing.',
    '- A member that Mailchimp refuses goes to the error path with its text and error name; a call that is refused as a whole is halved until the records at fault stand alone.',
    '- Two records with one address are sent in their order. With several calls at a time that holds within 500 records.',
    '- **Delivery**: the same record written twice leaves the same member.',
    '- Chosen here, where the original is not documented: the shape of `interests`, and that a record without a flag is not sent, because an unsubscription cannot be taken back by the API.',
  ].join('\n'),
  faults: [
    {
      when: 'API Key Invalid (401)',
      effect: 'The job fails.',
      remedy: 'Give a key that is not revoked, and the API address of its data centre.',
    },
    {
      when: 'Resource Not Found (404)',
      effect: 'The job fails.',
      remedy: 'Check the list id (audience id), and that the API address ends with `/3.0/`.',
    },
    {
      when: '"… is in a compliance state due to unsubscribe, bounce, or compliance review"',
      effect: 'The record goes to the error path.',
      remedy:
        'Who unsubscribed by themselves can come back only by a sign-up form of Mailchimp. Read them with status `unsubscribed` and clear the flag at its origin.',
    },
    {
      when: '"Your merge fields were invalid"',
      effect: 'The record goes to the error path, with the tag and what is wrong.',
      remedy: 'Fill the merge fields that the list requires, and give numbers, dates and addresses in their form.',
    },
    { when: '"… looks fake or invalid"', effect: 'The record goes to the error path.', remedy: 'Correct the mail address at its origin.' },
    {
      when: 'Too Many Requests (429): more than ten calls at a time from all that use the account',
      effect: 'All calls of the step pause and are repeated.',
      remedy: 'Lower the parallel calls.',
    },
  ],
  limits: [
    'A call has 500 members at most, and ten calls run at a time for the whole account.',
    'Members are subscribed at once; the confirmation of a double opt-in is not asked for.',
    'Tags, notes, language and marketing permissions are not written; addresses are not changed, members not archived.',
  ],
  params: z.object({
    ...mailchimpParams,
    newsletterField: z
      .string()
      .min(1)
      .meta({ fieldPath: true, title: 'Flag', help: 'Field with the subscription flag.', examples: ['newsletterField'], source: 'doc' }),
    interests: z
      .array(
        z.object({
          field: z.string().min(1).meta({ fieldPath: true, title: 'Field', help: 'Field that says whether the member is in the group.' }),
          interestId: z.string().min(1).meta({ title: 'Interest id', help: 'Id of the group (interest) in the list.' }),
        }),
      )
      .default([])
      .meta({ title: 'Interests', help: 'Fields that put members into groups of the list.', source: 'inf' }),
    withoutFlag,
    maxConnections: maxConnections('choice'),
    timeout: timeout('choice'),
  }),
  examples: [
    {
      title: 'Accounts renamed to merge tags',
      params: {
        apiUrl: 'https://us6.api.mailchimp.com/3.0/',
        apiKey: '0123456789abcdef-us6',
        listId: 'a1b2c3d4e5',
        newsletterField: 'newsletterField',
      },
    },
    {
      title: 'With groups; who never answered is unsubscribed',
      params: {
        apiUrl: 'https://<dc>.api.mailchimp.com/3.0/',
        apiKey: '0123456789abcdef-us6',
        listId: 'a1b2c3d4e5',
        newsletterField: 'data.newsletter',
        interests: [{ field: 'data.topics.sport', interestId: '9143cf3bd1' }],
        withoutFlag: 'unsubscribe',
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ maxConnections: connections, timeout: seconds, ...params }, ctx) =>
    openMailchimp({ ...params, connections, timeoutMs: seconds * 1000 }, ctx),
  batchSize: () => LARGEST_BATCH,
  concurrency: ({ maxConnections: connections }) => connections,
  async write(records, { params, connection, signal, log, reject }) {
    const outcome = new BatchOutcome();
    const wishOf = wishReader(params.newsletterField, params.withoutFlag);
    const makeMember = memberMaker({ ...params, mergeFields: await connection.mergeFields(), unsent: connection.unsent });
    const members = new Map<DataRecord, MemberInput>();
    for (const record of records) {
      const wish = outcome.attempt(record, wishOf);
      const member = wish && wish !== 'skip' ? outcome.attempt(record, () => makeMember(record, wish)) : undefined;
      if (member) members.set(record, member);
    }
    const addressOf = (record: DataRecord) => members.get(record)?.email_address.toLowerCase() ?? '';
    const send = (part: DataRecord[]) => connection.subscribe(part.flatMap((record) => members.get(record) ?? []));
    for (const round of distinctRounds([...members.keys()], addressOf)) {
      const parts = await isolateRefusals(round, send, { signal, log, reject: outcome.refuse });
      for (const { records: sent, answer } of parts) refuseListed(sent, { answer, addressOf, outcome });
    }
    return outcome.settle(records, reject);
  },
});

interface Listed {
  answer: BatchAnswer;
  addressOf(record: DataRecord): string;
  outcome: BatchOutcome;
}

/** Refuses the records that the answer lists; a refusal without a known address falls to those that were not accepted. */
function refuseListed(sent: readonly DataRecord[], { answer, addressOf, outcome }: Listed): void {
  const byAddress = new Map(answer.refused.map(({ address, text }) => [address, text]));
  const addresses = new Set(sent.map(addressOf));
  const stray = answer.refused.find(({ address }) => !addresses.has(address));
  for (const record of sent) {
    const address = addressOf(record);
    const text = byAddress.get(address) ?? (stray && !answer.accepted.has(address) ? stray.text : undefined);
    if (text !== undefined) outcome.refuse(record, new RecordError(text, { code: 'targetRefused' }));
  }
}
