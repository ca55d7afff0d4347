import { z } from 'zod';
import { openCampaignMonitor } from '#connectors/campaign-monitor/campaign-monitor.ts';
import { campaignMonitorFaults, campaignMonitorParams } from '#connectors/campaign-monitor/params.ts';
import { subscriberRecord } from '#connectors/campaign-monitor/subscriber-record.ts';
import { movingPages } from '#connectors/moving-pages.ts';
import { Batch, compileSet, type DataRecord, defineRecordReader, retriedRead } from '#dataflow';

const PAGE_SIZE = 1000;
/** The platform filters by days of the account's own time zone, which may be twelve hours behind UTC. */
const ZONE_MS = 12 * 3_600_000;

export default defineRecordReader({
  type: 'datasource.read.campaignmonitor',
  title: 'Read Campaign Monitor subscribers',
  summary:
    'Reads the subscribers of a Campaign Monitor list that have one status, by default those who got it since the last successful run.',
  notes: [
    'API 3.3, `GET /lists/{id}/{status}.json`, a thousand subscribers a page. A record holds `EmailAddress`, `Name`, `Date` (when the status began), `ListJoinedDate`, `State`, and the custom fields of the list by name; several choices of one field are a list.',
    '',
    '- `targetField` receives the status that was read, as it stands in the parameter: `unsubscribed`.',
    '- **Delta**: who got the status on the day of the last successful run or later, with a day to spare for time zones; Campaign Monitor knows no finer time. So somebody may be read by several runs, and none is missed.',
    '- For `active` that means who joined or came back. A change of name or custom fields is not seen by the delta: pull all records for that.',
    '- A list that becomes shorter while it is read has the page before read again.',
    '- Chosen here, where the original is not documented: without `status` active subscribers are read.',
  ].join('\n'),
  faults: [
    ...campaignMonitorFaults,
    {
      when: 'The platform is busy, or the connection breaks',
      effect: 'The page is repeated, twelve times at most.',
      remedy: 'Run the job again later.',
    },
  ],
  limits: [
    'A page has 1000 subscribers.',
    'The delta has the precision of a day.',
    'One list of one client; segments, campaigns and accounts are not read.',
    'A custom field called like a field of the subscriber itself (`Date`, `State`) is found under `CustomFields`.',
  ],
  params: z.object({
    apiKey: campaignMonitorParams.apiKey,
    listId: campaignMonitorParams.listId,
    status: z.enum(['active', 'unsubscribed', 'bounced', 'deleted', 'unconfirmed']).default('active').meta({
      title: 'Status',
      help: 'Which subscribers are read.',
      source: 'doc',
    }),
    targetField: z
      .string()
      .min(1)
      .optional()
      .meta({
        fieldPath: true,
        title: 'Status field',
        help: 'Field that receives the status.',
        examples: ['data.subscribed'],
        source: 'doc',
      }),
    apiUrl: campaignMonitorParams.apiUrl,
    timeout: campaignMonitorParams.timeout,
  }),
  examples: [
    {
      title: 'Who unsubscribed since the last run',
      params: {
        apiKey: '981298u298ue98u219e8u2e98u2',
        listId: 'a58ee1d3039b8bec838e6d1482a8a965',
        status: 'unsubscribed',
        targetField: 'data.subscribed',
      },
    },
    { title: 'Active subscribers', params: { apiKey: '981298u298ue98u219e8u2e98u2', listId: 'a58ee1d3039b8bec838e6d1482a8a965' } },
  ],
  connect: async ({ timeout, ...params }, ctx) => openCampaignMonitor({ ...params, connections: 2, timeoutMs: timeout * 1000 }, ctx),
  async *read({ params: { status, targetField }, connection, job, signal, log, expect }) {
    const since = job.fullExtract ? undefined : job.changedSince;
    const query = {
      date: since && new Date(since.getTime() - ZONE_MS).toISOString().slice(0, 10),
      pagesize: PAGE_SIZE,
      orderfield: 'date',
      orderdirection: 'asc',
    };
    const fetchPage = (index: number) => retriedRead(() => connection.subscribers(status, { ...query, page: index + 1 }), { signal, log });
    const setStatus = targetField === undefined ? undefined : compileSet(targetField);
    const toRecord = (subscriber: DataRecord): DataRecord => {
      const record = subscriberRecord(subscriber);
      setStatus?.(record, status);
      return record;
    };
    const keyOf = ({ EmailAddress }: DataRecord) => String(EmailAddress).toLowerCase();
    for await (const { records, total, index } of movingPages(fetchPage, { pageSize: PAGE_SIZE, keyOf, ahead: 2 })) {
      if (index === 0) expect(total);
      yield { item: Batch.of(records.map(toRecord)), position: { page: index + 1 } };
    }
  },
});
