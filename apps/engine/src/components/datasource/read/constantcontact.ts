import { z } from 'zod';
import { type ContactPage, type ContactQuery, openConstantContact } from '#connectors/constant-contact/constant-contact.ts';
import { recordMaker } from '#connectors/constant-contact/contact-record.ts';
import { constantContactFaults, constantContactParams } from '#connectors/constant-contact/params.ts';
import { Batch, defineRecordReader, retriedRead } from '#dataflow';

const PAGE_SIZE = 500;
const OVERLAP_MS = 30_000;

export default defineRecordReader({
  type: 'datasource.read.constantcontact',
  title: 'Read Constant Contact contacts',
  summary: 'Reads the contacts of a Constant Contact list, by default those that changed since the last successful run.',
  notes: [
    'The V3 API, `GET /contacts`, 500 contacts a page. The original used the V2 API, for which no keys are issued any more; the documented parameters are kept: `apiKey` is the client id of the application, `accessToken` a token of the V3 API.',
    '',
    '- A record is the contact as the API shows it (`contact_id`, `first_name`, `email_address`, `list_memberships` …) with `Email`, `newsletterField` (true while mails may be sent), and the custom fields under their labels without blanks: `Custom Field 1` is `CustomField1`.',
    '- **Delta**: contacts whose `updated_at` is later than the last successful run less 30 seconds, so a contact may be read by two runs.',
    '- An access token lives a day at most. With a refresh token of the long-lived kind it is renewed when the platform refuses it.',
  ].join('\n'),
  faults: [
    ...constantContactFaults,
    {
      when: 'The platform is busy, or the connection breaks',
      effect: 'The page is repeated, twelve times at most.',
      remedy: 'Run the job again later.',
    },
  ],
  limits: [
    'Four calls a second and 10,000 a day for each API key.',
    'Only contacts that are in the list now are read: who was taken off it, or left it by unsubscribing, is not seen.',
    'A custom field called like a field of the contact itself is not read. Notes and taggings are not read.',
  ],
  params: z.object(constantContactParams),
  examples: [
    {
      title: 'The contacts of a list',
      params: { apiKey: 'client-id-of-the-application', accessToken: 'its-token', listId: '06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e' },
    },
    {
      title: 'On a schedule, the token renewed',
      params: {
        apiKey: 'client-id-of-the-application',
        accessToken: 'its-token',
        listId: '06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e',
        refreshToken: 'its-refresh-token',
      },
    },
  ],
  connect: async ({ timeout, ...params }, ctx) => openConstantContact({ ...params, timeoutMs: timeout * 1000 }, ctx),
  async *read({ params: { listId }, connection, job, signal, log, expect }) {
    const toRecord = recordMaker((await connection.facts()).customFields);
    const since = job.fullExtract ? undefined : job.changedSince;
    const first = {
      lists: listId,
      updated_after: since && new Date(since.getTime() - OVERLAP_MS).toISOString(),
      include: 'custom_fields,list_memberships,phone_numbers,street_addresses',
      include_count: true,
      limit: PAGE_SIZE,
    };
    let query: ContactQuery | undefined = first;
    while (query) {
      const asked: ContactQuery = query;
      const page: ContactPage = await retriedRead(() => connection.contacts(asked), { signal, log });
      if (asked === first && page.total !== undefined) expect(page.total);
      query = page.next;
      yield { item: Batch.of(page.contacts.map(toRecord)), position: { next: typeof query?.cursor === 'string' ? query.cursor : null } };
    }
  },
});
