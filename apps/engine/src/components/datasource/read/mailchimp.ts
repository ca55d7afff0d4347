import { z } from 'zod';
import { openMailchimp } from '#connectors/mailchimp/mailchimp.ts';
import { mailchimpParams, maxConnections, timeout } from '#connectors/mailchimp/params.ts';
import { movingPages } from '#connectors/moving-pages.ts';
import { Batch, defineRecordReader, readRetries, tellRetry, withRetries } from '#dataflow';

/** Clocks differ, and the platform counts whole seconds: a change at the edge of two runs is rather read by both. */
const OVERLAP_MS = 30_000;

export default defineRecordReader({
  type: 'datasource.read.mailchimp',
  title: 'Read Mailchimp members',
  summary: 'Reads the members of a Mailchimp list (audience), by default those that changed since the last successful run.',
  notes: [
    'Marketing API 3.0, `GET /lists/{id}/members`. A record is a member as Mailchimp shows it, without `_links`: `email_address`, `status`, `merge_fields.FNAME`, `interests.<id>`, `timestamp_opt`, `last_changed` …',
    '',
    '- **Delta**: members whose `last_changed` is later than the last successful run less 30 seconds, so a member may be read by two runs. Pull all records to read everyone.',
    '- Pages are ordered by the time of opting in. A list that becomes shorter while it is read has the page before read again, so nobody is missed.',
    '- Chosen here, where the original is not documented: without `status` members of every status but archived are read; the page size is 500.',
  ].join('\n'),
  faults: [
    {
      when: 'API Key Invalid (401)',
      effect: 'The job fails.',
      remedy:
        'Give a key that is not revoked, and the API address of its data centre: `…-us6` belongs to `https://us6.api.mailchimp.com/3.0/`.',
    },
    {
      when: 'Resource Not Found (404)',
      effect: 'The job fails.',
      remedy:
        'Take the audience id from the settings of the audience; the number in its web address is another one. Check that the API address ends with `/3.0/`.',
    },
    {
      when: 'Too Many Requests (429): more than ten calls at a time from all that use the account',
      effect: 'All calls of the step pause and are repeated.',
      remedy: 'Lower the parallel calls, or let other programs run at other times.',
    },
    {
      when: 'The platform is busy, or the connection breaks',
      effect: 'The page is repeated, twelve times at most.',
      remedy: 'Run the job again later.',
    },
  ],
  limits: [
    'A page has 1000 members at most.',
    'A member that was deleted permanently is not seen; one that was archived only with the status `archived`.',
    'Tags beyond those shown with a member, notes and activity are not read.',
  ],
  params: z.object({
    ...mailchimpParams,
    status: z
      .enum(['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional', 'archived'])
      .optional()
      .meta({ title: 'Status', help: 'Only members of this status; all but archived ones when not given.', source: 'doc' }),
    batchSize: z
      .int()
      .min(1)
      .max(1000)
      .default(500)
      .meta({ title: 'Page size', help: 'Members in one page; the platform gives 1000 at most.', advanced: true, source: 'doc' }),
    timeout: timeout('doc'),
    maxConnections: maxConnections('doc'),
    retryIntervalSeconds: z.int().min(0).max(300).default(1).meta({
      title: 'Pause before a retry',
      help: 'Before the first repetition of a call that failed for a passing reason; it doubles each time, up to ten seconds or this value.',
      unit: 'seconds',
      advanced: true,
      source: 'doc',
    }),
  }),
  examples: [
    {
      title: 'Those who unsubscribed since the last run',
      params: {
        apiUrl: 'https://us6.api.mailchimp.com/3.0/',
        apiKey: '0123456789abcdef-us6',
        listId: 'a1b2c3d4e5',
        status: 'unsubscribed',
      },
    },
    {
      title: 'Large pages, patient',
      params: {
        apiUrl: 'https://<dc>.api.mailchimp.com/3.0/',
        apiKey: '0123456789abcdef-us6',
        listId: 'a1b2c3d4e5',
        batchSize: 1000,
        maxConnections: 2,
        retryIntervalSeconds: 30,
      },
    },
  ],
  connect: async ({ maxConnections: connections, timeout: seconds, ...params }, ctx) =>
    openMailchimp({ ...params, connections, timeoutMs: seconds * 1000 }, ctx),
  async *read({ params, connection, job, signal, log, expect }) {
    const { status, batchSize, retryIntervalSeconds } = params;
    const firstPauseMs = retryIntervalSeconds * 1000;
    const policy = { ...readRetries, firstPauseMs, longestPauseMs: Math.max(readRetries.longestPauseMs, firstPauseMs) };
    const since = job.fullExtract ? undefined : job.changedSince;
    const query = {
      status,
      since_last_changed: since && new Date(since.getTime() - OVERLAP_MS).toISOString(),
      sort_field: 'timestamp_opt',
      sort_dir: 'ASC',
      count: batchSize,
    };
    const fetchPage = (index: number) =>
      withRetries(() => connection.members({ ...query, offset: index * batchSize }), { signal, policy, onRetry: tellRetry(log) });
    const pages = movingPages(fetchPage, { pageSize: batchSize, keyOf: ({ id }) => String(id), ahead: params.maxConnections });
    for await (const { records, total, index } of pages) {
      if (index === 0) expect(total);
      yield { item: Batch.of(records), position: { page: index + 1 } };
    }
  },
});
