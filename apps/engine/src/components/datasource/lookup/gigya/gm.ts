import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { gigyaFaults } from '#connectors/gigya/faults.ts';
import { maxConnections } from '#connectors/gigya/params.ts';
import { idText } from '#connectors/gigya/record-params.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { type DataRecord, defineLookup, RecordError } from '#dataflow';

const challenges = () => z.union([z.string(), z.array(z.string().min(1))]).optional();

export default defineLookup({
  type: 'datasource.lookup.gigya.gm',
  title: 'Look up challenges',
  summary: 'Adds the status of each account in the challenges of Loyalty (Game Mechanics) as the list achievements.',
  notes: [
    'Calls `gm.getChallengeStatus` for the `UID` (or `uid`) of each record and puts the answer’s list into the field `achievements`; one that the record has is replaced. An account without any gets an empty list.',
    '',
    '- The original says "since the last successful run". The platform’s method knows no time: it tells how things stand now. Which accounts are asked for is up to the step before, which reads those that changed.',
    '- The entries of the list are given on as the platform tells them (`challengeID`, `level`, `pointsTotal` …).',
    '- To make a record of each entry, let `field.array.extract` follow.',
  ].join('\n'),
  faults: [
    ...gigyaFaults,
    {
      when: 'A record has no UID, or no account has it',
      effect: 'The record goes to the error path.',
      remedy: 'Select UID in the step that reads the accounts.',
    },
    {
      when: 'A challenge is not known (400006)',
      effect: 'Every record goes to the error path with the platform’s words.',
      remedy: 'Check the ids of the challenges.',
    },
  ],
  limits: ['One call for each record.', 'Loyalty must be part of the site’s package.'],
  params: z.object({
    includeChallenges: challenges().meta({
      title: 'Challenges',
      help: 'Ids of the challenges to tell of, as a list or separated by commas; all when not given or *.',
      examples: ['*', '_default,explorer'],
      source: 'doc',
    }),
    excludeChallenges: challenges().meta({
      title: 'Leave out challenges',
      help: 'Ids of the challenges to leave out, as a list or separated by commas.',
      source: 'doc',
    }),
    maxConnections: maxConnections(10, 'Accounts looked up at the same time.'),
    ...otherSiteParams,
  }),
  examples: [
    { title: 'All challenges', params: { includeChallenges: '*' } },
    { title: 'Two challenges, twenty calls at a time', params: { includeChallenges: ['_default', 'explorer'], maxConnections: 20 } },
  ],
  connect: async (params, ctx) => openGigya(siteOf(params, ctx), ctx, { connections: params.maxConnections }),
  batchSize: () => 1,
  concurrency: ({ maxConnections }) => maxConnections,
  async lookup(records, { connection, params, reject }) {
    const wanted = { includeChallenges: listed(params.includeChallenges), excludeChallenges: listed(params.excludeChallenges) };
    const found: DataRecord[] = [];
    for (const record of records) {
      try {
        const UID = idText(record.UID) ?? idText(record.uid);
        if (UID === undefined) throw new RecordError('The record has no UID to look challenges up for.', { code: 'invalidRecord' });
        const { achievements } = await connection.call('gm.getChallengeStatus', { UID, ...wanted });
        record.achievements = Array.isArray(achievements) ? achievements : [];
        found.push(record);
      } catch (thrown) {
        if (!(thrown instanceof RecordError)) throw thrown;
        reject(record, thrown);
      }
    }
    return found;
  },
});

/** As the platform takes it: ids separated by commas, nothing when none is given. */
function listed(challenges: string | readonly string[] | undefined): string | undefined {
  const ids = (typeof challenges === 'string' ? challenges.split(',') : (challenges ?? []))
    .map((id) => id.trim())
    .filter((id) => id !== '');
  return ids.length > 0 ? ids.join(',') : undefined;
}
