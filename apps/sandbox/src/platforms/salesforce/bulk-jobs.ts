import { isObject, type JsonObject } from '../../json.ts';
import { type CallFault, isReadable, saveRows } from './collections.ts';
import { formatCsv, parseCsv } from './csv.ts';
import { fieldNamed, objectTypes, type SObjectType } from './objects.ts';
import type { Org, Save, SaveResult } from './org.ts';

export interface BulkOptions {
  /** Questions after which a job is done: 2. */
  pollsUntilDone?: number;
  /** Rows handled before a job ends as Failed, the rest unprocessed; without it all are. */
  rowsUntilFailure?: number;
}

type State = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';
type Results = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

interface Job {
  id: string;
  type: SObjectType;
  save: Save;
  state: State;
  errorMessage?: string;
  csv?: string;
  polls: number;
  counts: { processed: number; failed: number };
  results: Record<Results, string>;
}

const fault = (status: number, errorCode: string, message: string): CallFault => ({ status, errorCode, message });

/** Bulk API 2.0 ingest jobs. Results come in another order than the rows were uploaded in. */
export class BulkJobs {
  readonly jobs: Job[] = [];
  readonly #org: Org;
  readonly #options: BulkOptions;

  constructor(org: Org, options: BulkOptions) {
    this.#org = org;
    this.#options = options;
  }

  create(body: unknown, version: string): JsonObject | CallFault {
    const {
      object,
      operation,
      externalIdFieldName,
      contentType = 'CSV',
      lineEnding = 'LF',
      columnDelimiter = 'COMMA',
    } = isObject(body) ? body : {};
    const type = objectTypes.find(({ name }) => name === object);
    if (!type) return fault(400, 'INVALIDJOB', `InvalidJob : Unable to find object: ${String(object)}`);
    if (contentType !== 'CSV' || lineEnding !== 'LF' || columnDelimiter !== 'COMMA')
      return fault(400, 'INVALIDJOB', 'InvalidJob : the stand-in takes comma separated CSV with line feeds.');
    if (operation !== 'insert' && operation !== 'update' && operation !== 'upsert')
      return fault(400, 'INVALIDJOB', `InvalidJob : ${String(operation)} is not a valid operation`);
    const key = typeof externalIdFieldName === 'string' ? fieldNamed(type, externalIdFieldName) : undefined;
    if (operation === 'upsert' && !key?.idLookup)
      return fault(
        400,
        'INVALIDJOB',
        `InvalidJob : Field name provided, ${String(externalIdFieldName)} does not match an External ID, Salesforce Id, or indexed field for ${type.name}`,
      );
    const job: Job = {
      id: `750${String(this.jobs.length + 1).padStart(12, '0')}AAA`,
      type,
      save: operation === 'upsert' ? { operation, key: key?.name ?? '' } : { operation },
      state: 'Open',
      polls: 0,
      counts: { processed: 0, failed: 0 },
      results: { successfulResults: '', failedResults: '', unprocessedrecords: '' },
    };
    this.jobs.push(job);
    return { ...told(job), contentUrl: `services/data/v${version}/jobs/ingest/${job.id}/batches` };
  }

  upload(id: string, csv: string): CallFault | undefined {
    const job = this.#job(id);
    if (!job) return notFound;
    if (job.state !== 'Open' || job.csv !== undefined)
      return fault(400, 'INVALIDJOBSTATE', 'Found multiple contents for job, a job takes one');
    job.csv = csv;
    return undefined;
  }

  setState(id: string, state: unknown): JsonObject | CallFault {
    const job = this.#job(id);
    if (!job) return notFound;
    const isPossible = state === 'UploadComplete' ? job.state === 'Open' && job.csv !== undefined : state === 'Aborted' && !isOver(job);
    if (!isPossible) return fault(400, 'INVALIDJOBSTATE', `Job can not be set to ${String(state)} from ${job.state}`);
    job.state = state as State;
    return told(job);
  }

  /** Each question moves a job on. */
  info(id: string): JsonObject | CallFault {
    const job = this.#job(id);
    if (!job) return notFound;
    if (job.state === 'UploadComplete') job.state = 'InProgress';
    if (job.state === 'InProgress' && ++job.polls >= (this.#options.pollsUntilDone ?? 2)) this.#run(job);
    return told(job);
  }

  results(id: string, which: string): string | CallFault {
    const job = this.#job(id);
    if (!job || !(which in job.results)) return notFound;
    return isOver(job)
      ? job.results[which as Results]
      : fault(400, 'INVALIDJOBSTATE', 'The results of a job that is not over cannot be read');
  }

  #job(id: string): Job | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  #run(job: Job): void {
    const [header, ...cells] = parseCsv(job.csv ?? '') ?? [];
    const unknown = header?.find((name) => !isColumn(job.type, name));
    if (!header || unknown !== undefined) {
      job.state = 'Failed';
      job.errorMessage = header ? `InvalidBatch : Field name not found : ${unknown}` : 'InvalidBatch : The data could not be read as CSV';
      job.results.unprocessedrecords = formatCsv([header ?? [], ...cells]);
      return;
    }
    const limit = this.#options.rowsUntilFailure ?? cells.length;
    const rows = cells.slice(0, limit).map((row) => ({ type: job.type, row: rowOf(header, row) }));
    const saved = saveInParts(this.#org, rows, job.save);
    const named = saved.map((result, i) => ({ result, cells: cells[i] ?? [] })).reverse();
    const [good, bad] = [named.filter(({ result }) => result.success), named.filter(({ result }) => !result.success)];
    job.counts = { processed: rows.length, failed: bad.length };
    job.results = {
      successfulResults: formatCsv([
        ['sf__Id', 'sf__Created', ...header],
        ...good.map(({ result, cells }) => [result.id ?? '', String(result.created), ...cells]),
      ]),
      failedResults: formatCsv([
        ['sf__Id', 'sf__Error', ...header],
        ...bad.map(({ result, cells }) => [result.id ?? '', errorText(result), ...cells]),
      ]),
      unprocessedrecords: formatCsv([header, ...cells.slice(limit)]),
    };
    job.state = limit < cells.length ? 'Failed' : 'JobComplete';
    if (limit < cells.length) job.errorMessage = 'TotalRequests : batch limit exceeded';
  }
}

const notFound = fault(404, 'NOT_FOUND', 'The requested resource does not exist');
const isOver = ({ state }: Job) => state === 'JobComplete' || state === 'Failed' || state === 'Aborted';

const isColumn = (type: SObjectType, name: string): boolean =>
  fieldNamed(type, name) !== undefined ||
  type.fields.some(({ relationshipName }) => relationshipName !== undefined && name.startsWith(`${relationshipName}.`));

/** An empty cell leaves a field alone, `#N/A` clears it. */
const rowOf = (header: readonly string[], cells: readonly string[]): JsonObject =>
  Object.fromEntries(
    header.flatMap((name, i) => (cells[i] === '' || cells[i] === undefined ? [] : [[name, cells[i] === '#N/A' ? null : cells[i]]])),
  );

/** Rows are saved in lots of 200, as the platform does. */
function saveInParts(org: Org, rows: readonly { type: SObjectType; row: JsonObject }[], save: Save): SaveResult[] {
  const results: SaveResult[] = [];
  for (let i = 0; i < rows.length; i += 200) {
    const part = rows.slice(i, i + 200);
    const readable = part.map(({ type, row }) =>
      Object.entries(row).find(([name, value]) => !isReadable(fieldNamed(type, name)?.type ?? '', value)),
    );
    const saved = saveRows(
      org,
      part.filter((_, at) => !readable[at]),
      save,
    );
    let at = 0;
    for (const wrong of readable) {
      const known = wrong ? invalidValue(...wrong) : saved[at++];
      if (known) results.push(known);
    }
  }
  return results;
}

const invalidValue = (name: string, value: unknown): SaveResult => ({
  success: false,
  errors: [
    { statusCode: 'INVALID_TYPE_ON_FIELD_IN_RECORD', message: `${name}: value not of required type: ${String(value)}`, fields: [name] },
  ],
});

const errorText = ({ errors }: SaveResult): string =>
  errors.map(({ statusCode, message, fields }) => `${statusCode}:${message}:${fields.join(' ')} --`).join('');

const told = ({ id, type, save, state, errorMessage, counts }: Job): JsonObject => ({
  id,
  object: type.name,
  operation: save.operation,
  ...(save.operation === 'upsert' ? { externalIdFieldName: save.key } : {}),
  contentType: 'CSV',
  lineEnding: 'LF',
  columnDelimiter: 'COMMA',
  concurrencyMode: 'Parallel',
  state,
  ...(errorMessage === undefined ? {} : { errorMessage }),
  numberRecordsProcessed: counts.processed,
  numberRecordsFailed: counts.failed,
});
