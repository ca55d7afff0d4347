import { createHash, randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { fieldNamed } from './fields.ts';
import { isoSeconds, type Lead, type Leads } from './leads.ts';
import type { Refusal } from './limits.ts';

const LONGEST_RANGE_MS = 31 * 86_400_000;
/** Jobs waiting or at work at a time. */
const QUEUE = 10;

type Status = 'Created' | 'Queued' | 'Processing' | 'Completed' | 'Cancelled' | 'Failed';

interface ExportJob {
  exportId: string;
  status: Status;
  createdAt: string;
  fields: string[];
  headers: JsonObject;
  filter: { field: 'createdAt' | 'updatedAt'; startMs: number; endMs: number };
  polls: number;
  records: number;
  file?: Buffer;
}

/** Bulk lead extract: jobs that are created, enqueued, asked for and read as a CSV file. */
export class LeadExports {
  readonly jobs = new Map<string, ExportJob>();
  readonly #leads: Leads;
  readonly #clock: () => number;
  readonly #pollsUntilDone: number;

  constructor(leads: Leads, clock: () => number, pollsUntilDone: number) {
    this.#leads = leads;
    this.#clock = clock;
    this.#pollsUntilDone = pollsUntilDone;
  }

  create(body: unknown): JsonObject | Refusal {
    const { fields, format, filter, columnHeaderNames = {} } = isObject(body) ? body : {};
    if (!Array.isArray(fields) || fields.length === 0) return refusal('1003', 'fields is required');
    const unknown = fields.find((name) => typeof name !== 'string' || !fieldNamed(name));
    if (unknown !== undefined) return refusal('1006', `Field '${String(unknown)}' not found`);
    if (format !== 'CSV') return refusal('1003', `Invalid format: ${String(format)}`);
    const read = readFilter(filter);
    if ('code' in read) return read;
    const exportId = randomUUID();
    const createdAt = isoSeconds(this.#clock());
    const headers = isObject(columnHeaderNames) ? columnHeaderNames : {};
    this.jobs.set(exportId, {
      exportId,
      status: 'Created',
      createdAt,
      fields: fields as string[],
      headers,
      filter: read,
      polls: 0,
      records: 0,
    });
    return { exportId, format: 'CSV', status: 'Created', createdAt };
  }

  enqueue(id: string): JsonObject | Refusal {
    const job = this.jobs.get(id);
    if (!job) return notFound(id);
    if (job.status !== 'Created') return refusal('1003', `Export job is ${job.status} and cannot be enqueued`);
    const busy = [...this.jobs.values()].filter(({ status }) => status === 'Queued' || status === 'Processing').length;
    if (busy >= QUEUE) return refusal('1029', 'Too many jobs in queue');
    job.status = 'Queued';
    return told(job);
  }

  cancel(id: string): JsonObject | Refusal {
    const job = this.jobs.get(id);
    if (!job) return notFound(id);
    if (job.status === 'Completed') return refusal('1003', 'Export job is Completed and cannot be cancelled');
    job.status = 'Cancelled';
    return told(job);
  }

  /** Each question moves a job on. */
  status(id: string): JsonObject | Refusal {
    const job = this.jobs.get(id);
    if (!job) return notFound(id);
    if (job.status === 'Queued') job.status = 'Processing';
    if (job.status === 'Processing' && ++job.polls >= this.#pollsUntilDone) this.#finish(job);
    return told(job);
  }

  file(id: string): Buffer | Refusal {
    const job = this.jobs.get(id);
    return job?.file ?? (job ? refusal('1003', 'Export job is not completed') : notFound(id));
  }

  #finish(job: ExportJob): void {
    const { field, startMs, endMs } = job.filter;
    const within = (lead: Lead) => Date.parse(lead[field]) >= startMs && Date.parse(lead[field]) <= endMs;
    const leads = this.#leads.all.filter(within);
    const lines = [
      job.fields.map((name) => cell(job.headers[name] ?? name)),
      ...leads.map((lead) => job.fields.map((name) => cell(lead[name]))),
    ];
    job.file = Buffer.from(lines.map((cells) => `${cells.join(',')}\n`).join(''));
    job.records = leads.length;
    job.status = 'Completed';
  }
}

const refusal = (code: string, message: string): Refusal => ({ code, message });
const notFound = (id: string) => refusal('1013', `Export job ${id} not found`);

function told({ exportId, status, createdAt, records, file }: ExportJob): JsonObject {
  const done = file && {
    finishedAt: createdAt,
    numberOfRecords: records,
    fileSize: file.length,
    fileChecksum: `sha256:${createHash('sha256').update(file).digest('hex')}`,
  };
  return { exportId, format: 'CSV', status, createdAt, ...done };
}

function readFilter(filter: Json | undefined): ExportJob['filter'] | Refusal {
  const entries = isObject(filter) ? Object.entries(filter) : [];
  const [[field, range] = []] = entries;
  if (entries.length !== 1) return refusal('1003', 'Exactly one filter is required');
  if (field !== 'createdAt' && field !== 'updatedAt') return refusal('1035', 'Unsupported filter type for target subscription');
  const { startAt, endAt } = isObject(range) ? range : {};
  const [startMs, endMs] = [readTime(startAt), readTime(endAt)];
  if (startMs === undefined || endMs === undefined)
    return refusal('1001', `Invalid value '${String(startAt)}'. Required of type 'datetime'`);
  if (endMs < startMs || endMs - startMs > LONGEST_RANGE_MS) return refusal('1003', 'Date range must be 31 days or less');
  return { field, startMs, endMs };
}

/** ISO 8601 without milliseconds. */
function readTime(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

function cell(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
