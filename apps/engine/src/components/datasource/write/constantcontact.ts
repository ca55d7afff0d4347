import { z } from 'zod';
import { BatchOutcome } from '#connectors/batch-outcome.ts';
import { type ConstantContactList, openConstantContact } from '#connectors/constant-contact/constant-contact.ts';
import { contactAddress, contactMaker } from '#connectors/constant-contact/contact-input.ts';
import { contactAddressOf, isMember, missingContacts } from '#connectors/constant-contact/missing-contacts.ts';
import { constantContactFaults, constantContactParams } from '#connectors/constant-contact/params.ts';
import { distinctRounds } from '#connectors/distinct-rounds.ts';
import { isolateRefusals } from '#connectors/isolate-refusals.ts';
import { wishReader, withoutFlag } from '#connectors/subscription-flag.ts';
import { type DataRecord, defineRecordWriter, type Json, RecordError, retriedRead, type StepContext } from '#dataflow';

const FLAG = 'newsletterField';
const IMPORT_SIZE = 1000;
const LARGEST_REMOVAL = 500;

const params = z.object({ ...constantContactParams, withoutFlag });
type Context = StepContext<z.output<typeof params>, ConstantContactList>;

export default defineRecordWriter({
  type: 'datasource.write.constantcontact',
  title: 'Write Constant Contact contacts',
  summary: 'Adds and updates contacts of a Constant Contact list in bulk imports of 1000, and takes those off who do not want mails.',
  notes: [
    'The V3 API, `POST /activities/contacts_json_import`. The original used the V2 API, for which no keys are issued any more; the documented parameters are kept: `apiKey` is the client id of the application, `accessToken` a token of the V3 API.',
    '',
    '- The field called `newsletterField` decides: true adds or updates, false takes the contact off this list (it is looked up first; who is not in the list is as wanted). `1`, `yes`, `0`, `no` … are understood.',
    '- `Email` names the contact. Other fields are those of an import (`first_name`, `FIRST NAME` and `FirstName` are the same) and the custom fields of the account by label or name: `Custom Field 1`, `CustomField1`. Fields that are neither are not sent; the trace names each once. Null and empty values change nothing, lists and objects fail the record.',
    '- An import runs at the platform, and the step waits for its end. The platform tells only how many contacts it left out; the step finds them by reading the list back, and they go to the error path with the reason. An import that is refused or fails as a whole is halved until the records at fault stand alone.',
    '- Two records with one address are sent in their order.',
    '- **Delivery**: the same record written twice leaves the same contact.',
    '- New contacts get the permission `implicit`; who has unsubscribed is never brought back by an import.',
    '- Chosen here, where the original is not documented: false takes off the list and does not unsubscribe the contact from everything; a record without the flag is not sent.',
  ].join('\n'),
  faults: [
    ...constantContactFaults,
    {
      when: '"The contact has unsubscribed" (cannot_add_to_list)',
      effect: 'The record goes to the error path. Its other fields were updated.',
      remedy: 'Clear the flag where it comes from, or let the person sign up again by a form of Constant Contact.',
    },
    {
      when: '"The import left the contact out"',
      effect: 'The record goes to the error path.',
      remedy: 'Correct the mail address where it comes from.',
    },
    {
      when: 'A bulk activity is cancelled or timed out',
      effect: 'The batch is repeated.',
      remedy: 'Run the job again later when it happens often.',
    },
  ],
  limits: [
    'Four calls a second and 10,000 a day for each API key; taking a contact off the list takes one call to find it.',
    'An import has 4 MB and 1000 contacts at most, a contact 25 custom fields of 255 characters; the other fields hold 50, streets 255.',
    'Custom fields must exist in the account. Text message numbers, taggings and notes are not written.',
  ],
  params,
  examples: [
    {
      title: 'Accounts renamed to the fields of a contact',
      params: { apiKey: 'client-id-of-the-application', accessToken: 'its-token', listId: '06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e' },
    },
    {
      title: 'On a schedule; who never answered is taken off',
      params: {
        apiKey: 'client-id-of-the-application',
        accessToken: 'its-token',
        listId: '06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e',
        refreshToken: 'its-refresh-token',
        withoutFlag: 'unsubscribe',
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ timeout, ...settings }, ctx) => openConstantContact({ ...settings, timeoutMs: timeout * 1000 }, ctx),
  batchSize: () => IMPORT_SIZE,
  async write(records, ctx) {
    if (records.length === 0) return [];
    const { connection } = ctx;
    const outcome = new BatchOutcome();
    const wishOf = wishReader(FLAG, ctx.params.withoutFlag);
    const makeContact = contactMaker((await connection.facts()).customFields, { flag: FLAG, unsent: connection.unsent });
    const coming = new Map<DataRecord, Record<string, Json>>();
    const leaving = new Map<DataRecord, string>();
    for (const record of records) {
      const wish = outcome.attempt(record, wishOf);
      const contact = wish === 'subscribe' ? outcome.attempt(record, makeContact) : undefined;
      const address = wish === 'unsubscribe' ? outcome.attempt(record, contactAddress) : undefined;
      if (contact) coming.set(record, contact);
      if (address !== undefined) leaving.set(record, address.toLowerCase());
    }
    const keyOf = (record: DataRecord) => leaving.get(record) ?? String(coming.get(record)?.email).toLowerCase();
    const sent = records.filter((record) => coming.has(record) || leaving.has(record));
    for (const round of distinctRounds(sent, keyOf)) {
      await bringIn(new Map(round.flatMap((record) => pairOf(record, coming.get(record)))), { ctx, outcome });
      await takeOff(
        round.flatMap((record) => pairOf(record, leaving.get(record))),
        { ctx, outcome },
      );
    }
    return outcome.settle(records, ctx.reject);
  },
});

const pairOf = <T>(record: DataRecord, value: T | undefined): [DataRecord, T][] => (value === undefined ? [] : [[record, value]]);

interface Writing {
  ctx: Context;
  outcome: BatchOutcome;
}

async function bringIn(coming: ReadonlyMap<DataRecord, Record<string, Json>>, { ctx, outcome }: Writing): Promise<void> {
  if (coming.size === 0) return;
  const {
    connection,
    params: { listId },
    signal,
    log,
  } = ctx;
  const addressOf = (record: DataRecord) => String(coming.get(record)?.email).toLowerCase();
  const send = (part: DataRecord[]) => connection.bringIn(part.map((record) => coming.get(record) ?? {}));
  const parts = await isolateRefusals([...coming.keys()], send, { signal, log, reject: outcome.refuse });
  for (const { records, answer } of parts.filter((part) => part.answer.failed > 0)) {
    const missing = await missingContacts(connection, { addresses: records.map(addressOf), listId, outcome: answer }, ctx);
    for (const record of records) {
      const reason = missing.get(addressOf(record));
      if (reason) outcome.refuse(record, reason);
    }
  }
}

async function takeOff(leaving: readonly [DataRecord, string][], { ctx, outcome }: Writing): Promise<void> {
  const {
    connection,
    params: { listId },
    signal,
    log,
  } = ctx;
  const found: { record: DataRecord; id: string }[] = [];
  for (const [record, email] of leaving) {
    try {
      const { contacts } = await retriedRead(() => connection.contacts({ email, status: 'all', include: 'list_memberships' }), {
        signal,
        log,
      });
      const contact = contacts.find((one) => contactAddressOf(one) === email);
      if (contact && isMember(contact, listId)) found.push({ record, id: String(contact.contact_id) });
    } catch (thrown) {
      if (!(thrown instanceof RecordError)) throw thrown;
      outcome.refuse(record, thrown);
    }
  }
  const ids = new Map(found.map(({ record, id }) => [record, id]));
  const send = (part: DataRecord[]) => connection.takeOff(part.map((record) => ids.get(record) ?? ''));
  for (let start = 0; start < found.length; start += LARGEST_REMOVAL) {
    const part = found.slice(start, start + LARGEST_REMOVAL).map(({ record }) => record);
    await isolateRefusals(part, send, { signal, log, reject: outcome.refuse });
  }
}
