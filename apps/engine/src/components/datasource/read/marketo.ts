import { z } from 'zod';
import { type LeadField, type Marketo, namedFields, openMarketo } from '#connectors/marketo/client.ts';
import { cutRange, exportLeads, type LeadRange, setUpMs } from '#connectors/marketo/export-leads.ts';
import { marketoParams } from '#connectors/marketo/sign-in-params.ts';
import { Batch, ConfigError, type DataRecord, defineRecordReader, FatalError, type Json, type StepContext } from '#dataflow';
import { parseDsv } from '#formats/dsv/parse.ts';

/** Reaches back before the last run: clocks differ, and a change is not seen at once by exports. */
const OVERLAP_MS = 60_000;

const params = z.object({
  ...marketoParams,
  fields: z
    .string()
    .regex(/[^\s,]/, 'Name at least one field.')
    .meta({
      title: 'Fields',
      help: 'Comma separated lead fields by their REST names.',
      examples: ['guid,unsubscribed,address,city,gender,firstName,lastName'],
      source: 'doc',
    }),
  createdSince: z.iso
    .date()
    .optional()
    .meta({
      title: 'Oldest lead',
      help: 'When all records are pulled, leads created before this day (UTC) are not read. Without it reading begins when the subscription was set up.',
      examples: ['2020-01-01'],
      advanced: true,
      source: 'choice',
    }),
});

type Ctx = StepContext<z.output<typeof params>, Marketo>;

export default defineRecordReader({
  type: 'datasource.read.marketo',
  title: 'Read leads from Marketo',
  summary: 'Reads leads of Marketo Engage, by default those that changed since the last successful run.',
  notes: [
    'Leads are read by bulk extract: for each range of 30 days an export is created, waited for and read as CSV, so a job takes at least a minute or so for each range.',
    '',
    '- **Delta**: leads that changed (`updatedAt`) since the last successful run, less a minute. **All records**: leads by `createdAt`, from the day the subscription was set up, which is read from its oldest folder, or from `createdSince` (an addition).',
    '- Neighbouring ranges share a second, so a lead of that second may come twice; none is missed.',
    '- Values are typed by the fields of the platform: booleans and numbers are such, empty ones are null, all others are texts.',
    '- A file is checked against the SHA-256 the platform announces; when it differs the job fails. A broken download goes on where it stopped.',
  ].join('\n'),
  faults: [
    {
      when: 'Refused credentials',
      effect: 'The job fails.',
      remedy: 'Check client id and secret of the custom service, and the base address.',
    },
    {
      when: 'Access denied (603)',
      effect: 'The job fails.',
      remedy: 'Give the role of the API user read access to leads; read access to assets, or createdSince, for pulling all records.',
    },
    { when: 'Unknown field', effect: 'The job fails before anything is read.', remedy: 'Use REST names.' },
    {
      when: 'Unsupported filter (1035)',
      effect: 'The job fails.',
      remedy: 'The subscription does not offer updatedAt: let jobs pull all records, or ask Marketo Support for it.',
    },
    {
      when: 'Export quota (1029) or daily calls (607) used up',
      effect: 'The job fails.',
      remedy: 'Run it again the next day, or ask for more.',
    },
    { when: 'Too many calls (606, 615), busy, connection lost', effect: 'The call is repeated.', remedy: 'None.' },
  ],
  limits: [
    '500 MB of exports a day unless more was bought; two exports at a time and ten in the queue, for all that use the subscription.',
    'Five calls a second.',
    'Leads deleted in Marketo are not told.',
  ],
  params,
  examples: [
    {
      title: 'Subscription state and names',
      params: {
        baseUrl: 'https://123-ABC-456.mktorest.com/rest',
        clientId: 'your-client-id',
        clientSecret: 'your-client-secret',
        fields: 'guid,unsubscribed,address,city,gender,firstName,lastName',
      },
    },
  ],
  connect: async (settings, ctx) => openMarketo({ ...settings, connections: 2 }, ctx),
  async *read(ctx) {
    const fields = await namedFields(ctx.connection, ctx.params.fields);
    const names = fields.map(({ name }) => name);
    for (const range of cutRange(await wholeRange(ctx))) {
      const options = {
        dialect: { separator: ',', quote: '"', escapeWith: '"' },
        header: true,
        inferTypes: false,
        fileName: 'the export',
        onMalformed: ({ line, problem }: { line: number; problem: string }) => {
          throw new FatalError(`Line ${line} of the export cannot be read: ${problem}. Run the job again.`, { code: 'malformedFile' });
        },
      };
      for await (const rows of parseDsv(exportLeads(ctx.connection, { fields: names, range }, ctx), options)) {
        const records = rows.toRecords();
        for (const record of records) giveTypes(record, fields);
        yield { item: Batch.of(records), position: range.startMs };
      }
    }
  },
});

async function wholeRange({ job, params, connection, signal, log }: Ctx): Promise<LeadRange> {
  const endMs = job.startTime.getTime();
  if (job.changedSince && !job.fullExtract) return { filter: 'updatedAt', startMs: job.changedSince.getTime() - OVERLAP_MS, endMs };
  if (params.createdSince) return { filter: 'createdAt', startMs: Date.parse(params.createdSince), endMs };
  const startMs = await setUpMs(connection, { signal, log });
  if (startMs !== undefined) return { filter: 'createdAt', startMs, endMs };
  throw new ConfigError(
    'Where to begin is not known: the API user may not read assets. Set createdSince to the day of the oldest lead, or give its role read access to assets.',
    {
      code: 'missingParameter',
      field: 'params.createdSince',
    },
  );
}

/** Exports write an empty value as `null`. */
function giveTypes(record: DataRecord, fields: readonly LeadField[]): void {
  for (const { name, dataType } of fields) record[name] = typed(record[name], dataType);
}

function typed(value: Json | undefined, dataType: string): Json {
  if (typeof value !== 'string' || value === '' || value === 'null') return null;
  if (dataType === 'boolean') return value === 'true' || value === '1';
  const isNumber =
    dataType === 'integer' || dataType === 'float' || dataType === 'currency' || dataType === 'score' || dataType === 'percent';
  const number = Number(value);
  return isNumber && Number.isFinite(number) ? number : value;
}
