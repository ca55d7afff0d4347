import { z } from 'zod';
import { BatchOutcome } from '#connectors/batch-outcome.ts';
import { addressFault, none } from '#connectors/endpoint.ts';
import { openSapMarketing } from '#connectors/sap-marketing/client.ts';
import { contactMaker } from '#connectors/sap-marketing/contact-changes.ts';
import type { Change } from '#connectors/sap-marketing/multipart-mixed.ts';
import { type DataRecord, defineRecordWriter, fieldPath, secret } from '#dataflow';

const params = z.object({
  contactField: fieldPath().meta({
    fieldPath: true,
    title: 'Id',
    help: 'Field with the unique id of the contact, its ContactID.',
    examples: ['UID'],
    source: 'doc',
  }),
  endpoint: z
    .string()
    .min(1)
    .superRefine(none(addressFault))
    .meta({
      title: 'Endpoint',
      help: 'Address of the contact service as the communication arrangement SAP_COM_0207 shows it. To an address without the service, `sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004` is added.',
      examples: ['https://my300000-api.s4hana.ondemand.com/sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004'],
      source: 'doc',
    }),
  username: z.string().min(1).meta({ title: 'User name', help: 'The communication user.', source: 'doc' }),
  password: secret().meta({ secret: true, title: 'Password', help: 'Of the communication user.', source: 'doc' }),
  batchSize: z
    .int()
    .min(1)
    .max(50)
    .default(1)
    .meta({ title: 'Records in a call', help: 'How many contacts are sent in one call.', source: 'doc' }),
  emailField: fieldPath()
    .optional()
    .meta({
      fieldPath: true,
      title: 'Mail address',
      help: 'Field with the mail address: EmailAddress of the contact, and ContactPermissionID of consents and subscriptions by mail.',
      examples: ['profile.email'],
      source: 'doc',
    }),
  marketingAreaField: fieldPath().optional().meta({
    fieldPath: true,
    title: 'Marketing area',
    help: 'Field with the marketing area (MarketingArea) that consents are given for; without it they hold for all areas.',
    source: 'doc',
  }),
  mobileField: fieldPath()
    .optional()
    .meta({
      fieldPath: true,
      title: 'Mobile number',
      help: 'Field with the mobile number: MobileNumber of the contact, and ContactPermissionID of consents by mobile phone.',
      examples: ['profile.phones.number'],
      source: 'doc',
    }),
  timeout: z
    .int()
    .min(1)
    .max(600)
    .default(60)
    .meta({ title: 'Timeout', help: 'How long to wait for an answer.', unit: 'seconds', source: 'doc' }),
  subscriptions: z
    .array(
      z.object({
        newsletterField: fieldPath().meta({
          fieldPath: true,
          title: 'Field',
          help: 'Field that says whether the person is subscribed.',
          source: 'doc',
        }),
        communicationCategory: z
          .string()
          .min(1)
          .max(10)
          .meta({ title: 'Category', help: 'Id of the communication category.', source: 'doc' }),
      }),
    )
    .default([])
    .meta({ title: 'Subscriptions', help: 'Fields that subscribe the contact to communication categories, by mail.', source: 'doc' }),
  consent: z
    .array(
      z.object({
        consentField: fieldPath().meta({
          fieldPath: true,
          title: 'Field',
          help: 'Field that says whether the consent is given.',
          source: 'choice',
        }),
        communicationMedium: z
          .string()
          .min(1)
          .max(20)
          .meta({ title: 'Medium', help: 'Id of the communication medium.', examples: ['EMAIL', 'SMS', 'PHONE'], source: 'doc' }),
        communicationType: z
          .enum(['EMAIL', 'MOBILE'])
          .meta({ title: 'By', help: 'What the permission stands for: the mail address or the mobile number.', source: 'doc' }),
      }),
    )
    .default([])
    .meta({ title: 'Consents', help: 'Fields that become marketing permissions.', source: 'doc' }),
  maxConnections: z.int().min(1).max(10).default(1).meta({
    title: 'Parallel calls',
    help: 'Calls in flight at the same time. With several, two records of one contact may be written in either order.',
    advanced: true,
    source: 'choice',
  }),
});

export default defineRecordWriter({
  type: 'datasource.write.hybrismarketing',
  title: 'Write contacts to SAP Marketing Cloud',
  summary: 'Writes contacts, subscriptions and consents to SAP Marketing Cloud (formerly hybris Marketing).',
  notes: [
    'Contacts go to the OData service `API_MKT_CONTACT_SRV`, version 4, in `$batch` calls with one changeset for each record: the contact (`ContactOriginData`, origin `Gigya`), its `MarketingPermissions` and its `MarketingSubscriptions` are written together or not at all, and each record gets its own answer.',
    '',
    '- All other fields of a record are properties of `ContactOriginData` by their names: `FirstName`, `LastName`, `CityName`, `Country`, `Language`, `GenderCode` (`1` male, `2` female), `BirthDate`, fields of your own such as `YY1_…`. A property that the service does not know fails the record with its text. Rename with `field.rename` and choose with `field.select` before this step.',
    '- What a record does not have stays as it is (`PATCH`); null clears it. Numbers are sent as texts; a `BirthDate` that is a day gets its time.',
    '- Flags of consents and subscriptions: `true`, `1`, `yes`, `subscribed`, `false`, `0`, `no` … A flag that is missing, null or empty changes nothing; anything else fails the record, and so does a flag without the mail address or number it stands for.',
    '- Change times (`OriginDataLastChgUTCDateTime`, permissions, subscriptions) are the start of the job, so that repeating changes nothing; a field `OriginDataLastChgUTCDateTime` of the record is kept. SAP Marketing leaves out data older than what it holds.',
    '- Refusals are waited for (`Sap-Cuan-ForceSynchronousProcessing`); an import that the system takes in later is to be looked up in its app Import Monitor.',
    '- **Delivery**: the same record written twice leaves the same contact.',
    '- Rests on the public metadata of the service, SAP CX Works ("Best Practices for Importing Interaction Contact Data into SAP Marketing Cloud") and SAP Community ("How to use the new Contact OData API"). Chosen here, where the original is not documented: `consentField`, that subscriptions are by mail and become `MarketingSubscriptions` (the topic is the communication category), and the parallel calls. Names and keys are those of the published metadata of version 3, which version 4 is taken to keep, and `PATCH` is taken to create a contact that is missing; neither was tried with a real system.',
  ].join('\n'),
  faults: [
    { when: 'Refused credentials (401)', effect: 'The job fails.', remedy: 'Check username and password of the communication user.' },
    {
      when: 'The user may not use the service (403)',
      effect: 'The job fails.',
      remedy: 'Give the communication user an arrangement of the scenario SAP_COM_0207.',
    },
    { when: 'Not found (404), or an answer that is none of the service', effect: 'The job fails.', remedy: 'Check the endpoint.' },
    {
      when: 'A contact is refused: unknown property or category, origin `Gigya` not set up, wrong value, locked contact',
      effect: 'That record goes to the error path with code and text of the system.',
      remedy: 'Mend the field, or set up origin and category in Marketing Cloud (Origins of Contact IDs, Communication Categories).',
    },
    {
      when: 'CSRF token validation failed',
      effect: 'A new session is begun and the call repeated.',
      remedy: 'None.',
    },
    {
      when: 'Busy, throttled (429), unreachable',
      effect: 'The call is repeated with growing pauses, or after `Retry-After`.',
      remedy: 'None.',
    },
  ],
  limits: [
    'Up to 50 records in a call, 10 calls at a time.',
    'Objects and lists cannot be sent; flatten or pick before.',
    'Ids and mail addresses of permissions: 255 characters; categories: 10.',
    'Contacts are not deleted; interactions, additional ids and accounts are not written.',
  ],
  params,
  examples: [
    {
      title: 'Contacts with a newsletter and a consent',
      params: {
        contactField: 'UID',
        endpoint: 'https://my300000-api.s4hana.ondemand.com/sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004',
        username: 'GIGYA_INBOUND',
        password: 'its-password',
        batchSize: 50,
        emailField: 'EmailAddress',
        mobileField: 'MobileNumber',
        subscriptions: [{ newsletterField: 'data.newsletter', communicationCategory: 'NEWS' }],
        consent: [{ consentField: 'preferences.marketing.isConsentGranted', communicationMedium: 'EMAIL', communicationType: 'EMAIL' }],
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ endpoint, username, password, maxConnections, timeout }, ctx) =>
    openSapMarketing({ endpoint, username, password, connections: maxConnections, timeoutMs: timeout * 1000 }, ctx),
  batchSize: ({ batchSize }) => batchSize,
  concurrency: ({ maxConnections }) => maxConnections,
  async write(records, { params: mapping, connection, job, reject }) {
    const outcome = new BatchOutcome();
    const changesOf = contactMaker(mapping, job.startTime);
    const changes = new Map<DataRecord, Change[]>();
    for (const record of records) {
      const made = outcome.attempt(record, changesOf);
      if (made) changes.set(record, made);
    }
    const refusals = changes.size === 0 ? [] : await connection.send([...changes.values()]);
    [...changes.keys()].forEach((record, index) => {
      const refusal = refusals[index];
      if (refusal) outcome.refuse(record, refusal);
    });
    return outcome.settle(records, reject);
  },
});
