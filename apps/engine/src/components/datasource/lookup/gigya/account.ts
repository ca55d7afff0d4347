import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { gigyaFaults } from '#connectors/gigya/faults.ts';
import { AccountLookup } from '#connectors/gigya/look-up-accounts.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { copyRecord, defineLookup, fieldPath, RecordError } from '#dataflow';

const searchedField = /^[A-Za-z_@$][\w@$-]*(?:\.[\w@$-]+)*$/;

const params = z.object({
  select: z
    .string()
    .min(1)
    .meta({
      title: 'Fields',
      help: 'Comma separated fields to fetch, as in the platform’s search language. Aliases with AS work; * takes all that a search returns.',
      examples: ['UID', 'UID as _UID, profile', '*'],
      language: 'gigya-query',
      source: 'obs',
    }),
  from: z.enum(['accounts', 'emailAccounts']).default('accounts').meta({
    title: 'Accounts',
    help: '`accounts` are full accounts; `emailAccounts` are lite and full ones by mail address.',
    source: 'obs',
  }),
  lookupFields: z
    .array(
      z.object({
        sourceField: fieldPath().meta({
          title: 'Field of the record',
          help: 'Its value is looked for; of a list each value.',
          source: 'obs',
        }),
        gigyaField: z
          .string()
          .regex(searchedField)
          .meta({
            title: 'Field of the account',
            help: 'The searched field.',
            examples: ['UID', 'profile.email', 'loginIDs.emails'],
            source: 'obs',
          }),
      }),
    )
    .min(1)
    .meta({ title: 'Look up by', help: 'Pairs of fields that must be equal.', source: 'obs' }),
  lookupFieldsOperator: z.enum(['OR', 'AND']).default('OR').meta({
    title: 'Several pairs',
    help: '`OR`: one equal pair is enough; `AND`: all must be equal, and a record that lacks one of the fields matches nobody.',
    source: 'obs',
  }),
  isCaseSensitive: z
    .boolean()
    .default(false)
    .meta({ title: 'Case matters', help: 'Upper and lower case must be equal too. In UIDs they always must.', source: 'obs' }),
  matchBehavior: z.enum(['process', 'error', 'skip']).default('process').meta({
    title: 'One account found',
    help: '`process`: its fields are added and the record goes on; `error`: the record goes to the error path; `skip`: it ends here.',
    source: 'obs',
  }),
  mismatchBehavior: z.enum(['process', 'error', 'skip']).default('process').meta({
    title: 'No account found',
    help: '`process`: the record goes on as it came; `error`: it goes to the error path with code 404000; `skip`: it ends here.',
    source: 'obs',
  }),
  multiMatchBehavior: z.enum(['process', 'error', 'skip']).default('process').meta({
    title: 'Several accounts found',
    help: '`process`: goes on with the first account, or with each as the next parameter says; `error`: the record goes to the error path with code 400007; `skip`: it ends here.',
    source: 'obs',
  }),
  separateMultiMatches: z.boolean().default(false).meta({
    title: 'One record for each account',
    help: 'When several accounts are processed, one record goes on for each of them.',
    source: 'obs',
  }),
  handleFieldConflicts: z.enum(['take_lookup', 'take_source']).default('take_lookup').meta({
    title: 'Field in both',
    help: 'Which value stays when record and account have the field: that of the account (`take_lookup`) or that of the record (`take_source`).',
    source: 'obs',
  }),
  batchSize: z
    .int()
    .min(1)
    .max(1000)
    .default(200)
    .meta({ title: 'Records in a search', help: 'Records looked up by one search.', advanced: true, source: 'obs' }),
  maxConcurrency: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ title: 'Parallel searches', help: 'Searches at the same time.', advanced: true, source: 'obs' }),
  ...otherSiteParams,
});

type Params = z.output<typeof params>;
type Behavior = Params['matchBehavior'];

export default defineLookup({
  type: 'datasource.lookup.gigya.account',
  title: 'Look up accounts',
  summary: 'Searches accounts by fields of the records and adds what it finds to them.',
  notes: [
    'One `accounts.search` for each batch of records, then each account is given to the records that it fits.',
    '',
    '- **Values are escaped**: no text in a record can change the search. Texts that are blank, nulls and objects are not looked for; of a list each value is. With `AND` a record that lacks one of its fields matches nobody.',
    '- **Case**: without `isCaseSensitive` the search uses `CONTAINS`, which finds mail addresses and user names as a whole and other texts by words; what it finds too much is left out here by comparing whole values.',
    '- **Merging**: objects are merged field by field, so `profile.email` of the account leaves the record’s other profile fields alone; lists and plain values are replaced. A null of the account never replaces a value of the record. A record’s field `profile.email` with a dot in its name is the same place as the nested one.',
    '- A selected field that the account lacks is null when the record does not have it either.',
    '- `subscriptions` and `password`, which a search of `accounts` leaves out, are fetched with `accounts.getAccountInfo`, one more call for each account.',
    '- **Choices**: the original’s values other than those seen in flows, and its defaults for no and for several accounts, were not found: without a parameter, records go on.',
    '- A lookup may have an error path; flows use it as a branch, for instance to create the accounts that are missing.',
  ].join('\n'),
  faults: [
    ...gigyaFaults,
    {
      when: 'No account fits and mismatchBehavior is error',
      effect: 'The record goes to the error path with code 404000.',
      remedy: 'None needed where the error path is a branch of the flow.',
    },
    {
      when: 'The platform refuses the search for the value of one record (400006)',
      effect: 'That record is found by halving the batch and goes to the error path; the others go on.',
      remedy: 'Look at the value.',
    },
    {
      when: 'The platform refuses the field list',
      effect: 'The job fails with the platform’s words.',
      remedy: 'Mend the field list.',
    },
  ],
  limits: [
    'At most 20,000 accounts for one batch of records; more fail the job, because the fields tell nobody apart.',
    'An account that was written less than 30 seconds ago may not be found yet.',
    'With take_source a null of the record gives way to the account’s value.',
  ],
  params,
  examples: [
    {
      title: 'UID by mail address; records without an account go to the error path',
      params: { select: 'UID', lookupFields: [{ sourceField: 'email', gigyaField: 'profile.email' }], mismatchBehavior: 'error' },
    },
    {
      title: 'Whole accounts by mail address and name, and nothing when several fit',
      params: {
        select: '*',
        lookupFields: [
          { sourceField: 'email', gigyaField: 'profile.email' },
          { sourceField: 'lastName', gigyaField: 'profile.lastName' },
        ],
        lookupFieldsOperator: 'AND',
        multiMatchBehavior: 'error',
      },
    },
  ],
  multiplies: true,
  connect: async (params, ctx) => {
    const gigya = openGigya(siteOf(params, ctx), ctx, { connections: params.maxConcurrency + 1 });
    return Object.assign(gigya, { accounts: new AccountLookup(gigya, params) });
  },
  batchSize: ({ batchSize }) => batchSize,
  concurrency: ({ maxConcurrency }) => maxConcurrency,
  async lookup(records, { params, connection: { accounts }, reject }) {
    const matches = await accounts.matchesOf(records);
    return records.flatMap((record, i) => {
      const match = matches[i] ?? [];
      if (match instanceof Error) {
        reject(record, match);
        return [];
      }
      const [behavior, fault] = behaviorFor(match.length, params);
      if (behavior === 'error') reject(record, fault());
      if (behavior !== 'process') return [];
      const used = params.separateMultiMatches ? match : match.slice(0, 1);
      const copies = used.slice(1).map(() => copyRecord(record));
      for (const [at, found] of used.entries()) accounts.merge(copies[at - 1] ?? record, found);
      return [record, ...copies];
    });
  },
});

function behaviorFor(found: number, params: Params): [Behavior, () => RecordError] {
  if (found === 0) return [params.mismatchBehavior, () => fault('notFound', 'No account fits the record.', params)];
  if (found > 1 && params.multiMatchBehavior !== 'process') {
    return [params.multiMatchBehavior, () => fault(400007, `${found} accounts fit the record.`, params)];
  }
  return [params.matchBehavior, () => fault(400003, 'An account fits the record.', params)];
}

function fault(code: 'notFound' | number, message: string, { lookupFields, lookupFieldsOperator }: Params): RecordError {
  const fields = lookupFields.map(({ sourceField, gigyaField }) => `${sourceField} = ${gigyaField}`).join(` ${lookupFieldsOperator} `);
  return new RecordError(`${message} Looked up by ${fields}.`, { code });
}
