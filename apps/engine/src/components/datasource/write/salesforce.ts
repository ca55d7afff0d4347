import { z } from 'zod';
import { addressFault, none } from '#connectors/endpoint.ts';
import { openSalesforceWriter } from '#connectors/salesforce/deliver.ts';
import { defineRecordWriter, secret } from '#dataflow';

/** What one call of the writer may hold: so many fill a bulk job well, and fit into memory. */
const RECORDS_AT_A_TIME = 5000;

const objects = { lead: 'Lead', contact: 'Contact', account: 'Account' } as const;

const params = z.object({
  username: z.string().min(1).meta({ title: 'User name', help: 'User name of the Salesforce user, like a mail address.', source: 'doc' }),
  password: secret().meta({ title: 'Password', help: 'Password of the user, without the security token.', source: 'doc' }),
  token: secret().meta({
    title: 'Security token',
    help: 'Security token of the user; Salesforce mails it when it is reset.',
    source: 'doc',
  }),
  authEndpoint: z
    .string()
    .regex(
      /\/services\/Soap\/[uc]\/\d{2,3}/,
      'Give the SOAP login address with the version of the API in place of xx, such as https://login.salesforce.com/services/Soap/u/58.0.',
    )
    .superRefine(none(addressFault))
    .meta({
      title: 'Authentication endpoint',
      help: 'SOAP login address with the version of the API; login.salesforce.com for production, test.salesforce.com for a sandbox.',
      examples: ['https://login.salesforce.com/services/Soap/u/58.0', 'https://test.salesforce.com/services/Soap/u/58.0'],
      source: 'doc',
    }),
  objectType: z
    .enum(['lead', 'contact', 'account'])
    .meta({ title: 'Object', help: 'Object to write; `account` is the person account.', source: 'doc' }),
  primaryId: z
    .string()
    .min(1)
    .meta({
      title: 'Primary id',
      help: 'API name of the external id field that finds the object first.',
      examples: ['UID__c'],
      source: 'doc',
    }),
  lookupId: z
    .string()
    .min(1)
    .meta({
      title: 'Lookup id',
      help: 'API name of the field that finds the object when the primary id does not.',
      examples: ['Email', 'PersonEmail'],
      source: 'doc',
    }),
  bulkFrom: z.int().min(201).max(RECORDS_AT_A_TIME).default(2000).meta({
    title: 'Bulk API from',
    help: 'From so many records together on, they are written by the Bulk API; fewer by calls of 200. Salesforce advises the Bulk API from 2,000 on.',
    unit: 'records',
    advanced: true,
    source: 'choice',
  }),
});

export default defineRecordWriter({
  type: 'datasource.write.salesforce',
  title: 'Write to Salesforce',
  summary: 'Creates and updates leads, contacts or person accounts of Salesforce.',
  notes: [
    'Field names of a record are the API names of fields (`LastName`, `UID__c`, in any letter case). A parent is named by its own external id: `Account.UID__c`.',
    '',
    '- **Which object**: one whose `primaryId` has the value of the record is updated. When there is none, the one whose `lookupId` has it; it gets the primary id too. When there is none either, one is created. Several with the same `lookupId` refuse the record. Both ids may be the same field.',
    '- **Empty values**: null, empty texts and fields a record does not have leave the field as it is. The text `#N/A` clears it, as in the data loading tools of Salesforce. Lists become values of a multi-select picklist.',
    '- **Which API**: records are taken 5,000 at a time. Where 2,000 or more are to be written (`bulkFrom`, an addition) they go by a job of Bulk API 2.0, else by calls of 200 records (sObject collections). Each record is answered for itself in both.',
    '- A refused record has code 400009 and the text of the platform as its tools write it: `Update failed.Error: REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --`.',
    '- Two records of the same id in one job are written one after the other, in their order.',
    '- **Delivery**: writing again finds what was written by its ids. When the answer of a bulk job cannot be had the job fails and names it, because what it did is not known then.',
    '- The REST version is that of the authentication endpoint, at least 46.0.',
  ].join('\n'),
  faults: [
    {
      when: 'Refused login (INVALID_LOGIN, LOGIN_MUST_USE_SECURITY_TOKEN)',
      effect: 'The job fails; the login is not tried again, so that the user is not locked out.',
      remedy: 'Check user name, password, security token, and login or test in the address.',
    },
    {
      when: 'API not enabled (API_DISABLED_FOR_ORG)',
      effect: 'The job fails.',
      remedy: 'Give the profile of the user the permission API Enabled.',
    },
    {
      when: 'Unknown primaryId or lookupId, or a primaryId that is no external id',
      effect: 'The job fails before anything is written.',
      remedy: 'Give API names; mark the field as External ID.',
    },
    {
      when: 'A required field is missing, a value is too long or wrong, a duplicate is refused',
      effect: 'That record goes to the error path with the code and text of the platform.',
      remedy: 'Mend the record, or the rules in Salesforce.',
    },
    {
      when: 'A field Salesforce does not have (INVALID_FIELD)',
      effect: 'Records with that field go to the error path, without a call.',
      remedy: 'Rename or remove the field in an earlier step.',
    },
    {
      when: 'Calls of the day used up (REQUEST_LIMIT_EXCEEDED)',
      effect: 'The job fails.',
      remedy: 'Run it again later, or write more records at a time.',
    },
    { when: 'Session ended, row locked, busy, connection lost', effect: 'Logged in again, and repeated.', remedy: 'None.' },
  ],
  limits: [
    'Leads, contacts and person accounts; no other objects, no deletion.',
    '200 records in a call; 90 MB in a bulk job; 150 million rows a day by bulk jobs.',
    'A bulk job that is running in Salesforce goes on when the job here is stopped.',
    'login() of the SOAP API is how this step signs in. Salesforce has it up to version 64.0, not from 65.0 on, lets new organizations allow it first (Setup > User Interface), and has announced its end for the Summer ’27 release.',
  ],
  params,
  examples: [
    {
      title: 'Contacts by the id of the account, then by mail address',
      params: {
        username: 'integration@example.com',
        password: 'the-password',
        token: 'the-security-token',
        authEndpoint: 'https://login.salesforce.com/services/Soap/u/58.0',
        objectType: 'contact',
        primaryId: 'UID__c',
        lookupId: 'Email',
      },
    },
    {
      title: 'Person accounts of a sandbox',
      params: {
        username: 'integration@example.com.test',
        password: 'the-password',
        token: 'the-security-token',
        authEndpoint: 'https://test.salesforce.com/services/Soap/u/58.0',
        objectType: 'account',
        primaryId: 'UID__c',
        lookupId: 'PersonEmail',
      },
    },
  ],
  delivery: 'idempotent-by-key',
  connect: async ({ objectType, ...settings }, ctx) => openSalesforceWriter({ ...settings, object: objects[objectType] }, ctx),
  batchSize: () => RECORDS_AT_A_TIME,
  async write(records, { connection, reject, signal, log }) {
    const refusals = await connection.deliver(records, { signal, log });
    for (const [record, refusal] of refusals) reject(record, refusal);
    return records.filter((record) => !refusals.has(record));
  },
});
