import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { completeAccounts, needsAccountInfo } from '#connectors/gigya/complete-accounts.ts';
import { searchFaults } from '#connectors/gigya/faults.ts';
import { excludeEmptyFields, keepFieldNamesWithDotAsIs, pageSize, whereParam } from '#connectors/gigya/params.ts';
import { readSearch } from '#connectors/gigya/read-search.ts';
import { deltaConditions, searchQuery } from '#connectors/gigya/search-query.ts';
import { isAggregate, parseSelectList, type SelectColumn, selectsUid } from '#connectors/gigya/select-list.ts';
import { shaperOf } from '#connectors/gigya/shape-selected.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { type DataRecord, defineRecordReader } from '#dataflow';

const params = z.object({
  select: z
    .string()
    .min(1)
    .meta({
      title: 'Fields',
      help: 'Comma separated fields or objects, as in the platform’s search language. Aliases with AS work; * takes all that a search returns.',
      examples: ['UID, profile.firstName, profile.email', 'UID, profile, data.loyalty AS loyalty'],
      language: 'gigya-query',
      formerly: ['fields'],
      source: 'doc',
    }),
  from: z.enum(['accounts', 'emailAccounts']).default('accounts').meta({
    title: 'Accounts',
    help: '`accounts` are full accounts; `emailAccounts` are lite and full ones by mail address.',
    source: 'doc',
  }),
  where: whereParam('profile.firstName IS NOT NULL', `lastLoginTimestamp > \${now-1M}`),
  deltaField: z
    .enum([
      'lastUpdatedTimestamp',
      'lastLoginTimestamp',
      'oldestDataUpdatedTimestamp',
      'createdTimestamp',
      'verifiedTimestamp',
      'registeredTimestamp',
    ])
    .default('lastUpdatedTimestamp')
    .meta({
      title: 'Delta field',
      help: 'Only accounts whose value is newer than the last successful run are read, unless the job pulls all records.',
      source: 'doc',
    }),
  consent: z
    .array(z.string().min(1))
    .optional()
    .meta({
      title: 'Consents',
      help: 'Only accounts that granted each of these consent statements are read; give their paths under preferences.',
      examples: ['terms.tos', 'marketing.mail'],
      source: 'doc',
    }),
  batchSize: pageSize(),
  maxConcurrency: z.int().min(1).max(100).default(1).meta({
    title: 'Parallel calls',
    help: 'Calls in flight when accounts are completed one by one (subscriptions, password). Pages of one search follow each other; the next is always fetched ahead.',
    advanced: true,
    source: 'obs',
  }),
  excludeEmptyFields: excludeEmptyFields(),
  keepFieldNamesWithDotAsIs: keepFieldNamesWithDotAsIs(),
  ...otherSiteParams,
});

type Params = z.output<typeof params>;

export default defineRecordReader({
  type: 'datasource.read.gigya.account',
  title: 'Read accounts',
  summary: 'Extracts accounts of a site, by default those that changed since the last successful run.',
  notes: [
    'Reads `accounts.search` by cursor: any number of accounts, each page repeated when the call fails or is throttled.',
    '',
    '- **Delta**: `deltaField` later than the last successful run, less 30 seconds, which is how long a change may stay unseen by searches. So an account may be read by two runs, and none is missed.',
    '- **`subscriptions` and `password`** are not returned by a search of `accounts`. When the field list names them, each account is completed with `accounts.getAccountInfo`, `maxConcurrency` calls at a time; this is one more call for each account.',
    '- A selected field that the account lacks is `null` (`profile.city` gives `{"profile": {"city": null}}`), so that scripts can test for it; with `excludeEmptyFields` it is left out.',
    '- Time marks in `where` are filled with milliseconds when the job pulls all records; in other jobs they are refused, because the delta sets the time there.',
    '- `consent` adds `preferences.<path>.isConsentGranted = true` to the condition for each path.',
    '- **Incomplete windows**: without an earlier run the first one reads everything; a run on the command line reads the last 24 hours.',
  ].join('\n'),
  faults: [
    ...searchFaults,
    {
      when: 'An account that is being completed is gone by then (404003)',
      effect: 'It goes to the error path.',
      remedy: 'None needed.',
    },
  ],
  limits: [
    'A page holds at most 1000 accounts; pages follow each other, so one reader reads as fast as the platform answers one search.',
    'Fields that need `accounts.getAccountInfo` cost one call for each account.',
    'A change may be read twice, by two runs; none is missed as long as the platform shows it within 30 seconds.',
  ],
  params,
  examples: [
    {
      title: 'Names and mail addresses of accounts with a first name',
      params: { select: 'UID, profile.firstName, profile.email', where: 'profile.firstName IS NOT NULL' },
    },
    {
      title: 'Copy from another site',
      params: {
        select: 'UID, profile, data',
        apiKey: '4_AnotherSite',
        userKey: 'AKeyOfTheOtherSite',
        secret: 'c2VjcmV0LW9mLXRoZS1vdGhlci1zaXRl',
      },
    },
  ],
  connect: async (params, ctx) => openGigya(siteOf(params, ctx), ctx, { connections: params.maxConcurrency + 1 }),
  async *read({ params, connection, job, step, expect, reject, log }) {
    const columns = parseSelectList(params.select);
    const completed = params.from === 'accounts' ? columns.filter(needsAccountInfo) : [];
    const searched = columns.filter((column) => !completed.includes(column));
    const conditions = [...consentConditions(params), ...deltaConditions(params.deltaField, job, 'milliseconds')];
    const query = searchQuery({ ...params, select: selectText(searched, completed.length > 0), conditions }, { job, step });
    log.info(`Searching: ${query}`);
    const shapeOne = shaperOf(columns, params);
    const hidesUid = completed.length > 0 && !selectsUid(columns);
    const complete = (found: DataRecord[]) =>
      completed.length === 0
        ? found
        : completeAccounts(connection, found, { columns: completed, concurrency: params.maxConcurrency, reject });
    const shape = async (found: DataRecord[]) => {
      const whole = await complete(found);
      for (const record of whole) {
        if (hidesUid) delete record.UID;
        shapeOne(record);
      }
      return whole;
    };
    const { batchSize } = params;
    yield* readSearch(connection, { method: 'accounts.search', query, batchSize, isOnePage: columns.some(isAggregate), expect, shape });
  },
});

const consentConditions = ({ consent = [] }: Params): string[] => consent.map((path) => `preferences.${path}.isConsentGranted = true`);

/** The field list to search for; UID is added where accounts are completed by it. */
function selectText(columns: readonly SelectColumn[], needsUid: boolean): string {
  const texts = columns.map(({ text }) => text);
  return (needsUid && !selectsUid(columns) ? ['UID', ...texts] : texts).join(', ');
}
