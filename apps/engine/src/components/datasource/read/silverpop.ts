import { z } from 'zod';
import { hostFault, none } from '#connectors/endpoint.ts';
import { sftpParams, sftpSettings } from '#connectors/sftp/params.ts';
import { exportList, openSilverpopExports, type SilverpopExports } from '#connectors/silverpop/export-list.ts';
import { silverpopParams } from '#connectors/silverpop/params.ts';
import { Batch, type DataRecord, defineRecordReader, FatalError, type JobInfo, secret } from '#dataflow';
import { parseDsv } from '#formats/dsv/parse.ts';

/** Dates of an export are of the organization's time zone, which is not told; zones lie up to 14 hours from UTC. */
const ZONES_MS = 14 * 3_600_000;

const params = z.object({
  ...silverpopParams,
  host: z
    .string()
    .min(1)
    .superRefine(none(hostFault))
    .meta({
      title: 'SFTP host',
      help: 'Where exports are fetched from.',
      examples: ['transfer-campaign-us-5.goacoustic.com'],
      source: 'doc',
    }),
  username: z.string().min(1).meta({
    title: 'SFTP user',
    help: 'Whom to log in as: the user of the refresh token, or exports come to another’s folder.',
    source: 'doc',
  }),
  password: secret().meta({ secret: true, title: 'SFTP password', help: 'Of the SFTP user.', source: 'doc' }),
  columns: z
    .string()
    .optional()
    .meta({
      title: 'Columns',
      help: 'Comma separated columns to export, as the list writes them; all when empty.',
      examples: ['GigyaUid,EMAIL,Subscribed'],
      source: 'obs',
    }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(22)
    .meta({ title: 'SFTP port', help: 'Port of the SFTP server.', advanced: true, source: 'choice' }),
  hostKeySha256: sftpParams.hostKeySha256,
});

type Params = z.output<typeof params>;

export default defineRecordReader({
  type: 'datasource.read.silverpop',
  title: 'Read contacts from Silverpop',
  summary:
    'Exports a list of Silverpop (IBM Watson Campaign Automation, Acoustic Campaign), by default the contacts that changed since the last successful run.',
  notes: [
    'The list is exported by the XML API (`ExportList`, CSV), the job waited for (`GetJobStatus`), and its file read from `/download` of the SFTP server as a stream.',
    '',
    '- **Delta**: contacts changed since the last successful run, by the platform’s own date of change. Its dates have no time zone, so 14 hours are added at both ends: some contacts come twice, none is missed. **All records**: the whole list.',
    '- All contacts are exported, also those that are opted out or undeliverable (`EXPORT_TYPE` ALL); take a column along that tells them apart.',
    '- Values are texts as the platform writes them, Yes/No columns `Yes` and `No`; empty ones are null. Names of columns are case-sensitive.',
    '- Columns are compared with those of the list before the export begins.',
    '- The file stays on the SFTP server; the platform removes old ones by itself. A broken download goes on where it stopped.',
    '- Rests on developer.goacoustic.com: XML API overview, ExportList ("Export from a database"), GetJobStatus, GetListMetaData. Silverpop’s old hosts (`api5.silverpop.com`, `transfer5.silverpop.com`) ended in 2020; the pod’s number leads to the new API, the SFTP host is yours to give.',
  ].join('\n'),
  faults: [
    {
      when: 'Refused credentials',
      effect: 'The job fails.',
      remedy: 'Check client id, client secret and refresh token, and that they are of this pod.',
    },
    {
      when: 'Unknown list or column',
      effect: 'The job fails before anything is exported.',
      remedy: 'Check `listId` and `columns`; names are case-sensitive.',
    },
    {
      when: 'The export ends as ERROR or CANCELED',
      effect: 'The job fails.',
      remedy: 'Look at it in Resources, Data Jobs, and run the job again.',
    },
    {
      when: 'SFTP login refused',
      effect: 'The job fails.',
      remedy: 'Check host, username and password, and that SFTP is enabled for the user.',
    },
    {
      when: 'The file is not on the SFTP server',
      effect: 'The job fails.',
      remedy: 'Use the SFTP login of the user whose refresh token is given.',
    },
    { when: 'Too many concurrent requests, busy, connection lost', effect: 'The call is repeated.', remedy: 'None.' },
  ],
  limits: [
    'Ten API calls at a time for all that use the organization; one is used.',
    'Exports wait in the platform’s queue of data jobs, for minutes or longer.',
    'Deleted contacts are not told.',
  ],
  params,
  examples: [
    {
      title: 'Subscription state by Gigya UID',
      params: {
        clientId: 'its-client-id',
        clientSecret: 'its-client-secret',
        refreshToken: 'its-refresh-token',
        podNumber: 5,
        host: 'transfer-campaign-us-5.goacoustic.com',
        username: 'etl@example.com',
        password: 'its-password',
        listId: '59294',
        columns: 'GigyaUid,EMAIL,Subscribed',
      },
    },
  ],
  connect: async ({ host, port, username, password, hostKeySha256, timeout, ...settings }, ctx) =>
    openSilverpopExports(
      { ...settings, connections: 1, timeoutMs: timeout * 1000 },
      sftpSettings({ host, port, username, password, hostKeySha256, timeout }),
      ctx,
    ),
  async *read({ params: { listId, columns }, connection, job, signal, log }) {
    const wish = { listId, columns: await namedColumns(connection, columns), changed: changesOf(job) };
    const options = {
      dialect: { separator: ',', quote: '"', escapeWith: '"' },
      header: true,
      inferTypes: false,
      fileName: 'the export',
      onMalformed: ({ line, problem }: { line: number; problem: string }) => {
        throw new FatalError(`Line ${line} of the export cannot be read: ${problem}. Run the job again.`, { code: 'malformedFile' });
      },
    };
    for await (const rows of parseDsv(exportList(connection, wish, { signal, log }), options)) {
      const records = rows.toRecords();
      for (const record of records) emptyToNull(record);
      yield { item: Batch.of(records) };
    }
  },
});

async function namedColumns(connection: SilverpopExports, text: Params['columns']): Promise<string[]> {
  const list = await connection.list();
  const names = (text ?? '').split(',').map((name) => name.trim());
  const wanted = names.filter((name) => name !== '');
  const unknown = wanted.filter((name) => !list.columns.has(name));
  if (unknown.length === 0) return wanted;
  throw new FatalError(
    `The list ${list.name} has no column ${unknown.join(', ')}. It has ${[...list.columns].join(', ')}; names are case-sensitive.`,
    {
      code: 'invalidParameter',
    },
  );
}

const changesOf = ({ changedSince, fullExtract, startTime }: JobInfo): { start: Date; end: Date } | undefined =>
  changedSince && !fullExtract
    ? { start: new Date(changedSince.getTime() - ZONES_MS), end: new Date(startTime.getTime() + ZONES_MS) }
    : undefined;

function emptyToNull(record: DataRecord): void {
  for (const [name, value] of Object.entries(record)) if (value === '' && name !== '__proto__') record[name] = null;
}
