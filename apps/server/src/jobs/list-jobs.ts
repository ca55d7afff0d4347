import type { JobStatus } from '@idsync/engine/dataflow';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { storableText } from '../storage/storable.ts';
import { compileCondition } from './job-condition.ts';
import { type JobRow, jobRow, type StoredJob } from './job-row.ts';

export interface ListJobsInput {
  apiKey: string;
  dataflowId?: string | undefined;
  status?: JobStatus | undefined;
  /** The console's condition, e.g. `startTime>'2017-5-8' and status='failed'`. */
  query?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface JobPage {
  accurateAsOf: string;
  /** Newest first. */
  items: JobRow[];
  nextCursor: string | null;
}

/** One page of a site's jobs. Pages go by key, so that jobs that come in between shift nothing. */
export async function listJobs({ pool }: Services, input: ListJobsInput): Promise<JobPage> {
  const accurateAsOf = new Date().toISOString();
  const limit = input.limit ?? 50;
  const values: unknown[] = [input.apiKey];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = ['"apiKey" = $1'];
  if (input.dataflowId) where.push(`"dataflowId" = ${bind(input.dataflowId)}`);
  if (input.status) where.push(`status = ${bind(input.status)}`);
  if (input.query?.trim()) where.push(compileCondition(storableText(input.query), bind));
  if (input.cursor) {
    const { createTime, id } = readCursor(input.cursor);
    where.push(`("createTime", id) < (${bind(createTime)}::timestamptz, ${bind(id)})`);
  }
  const { rows } = await pool.query<StoredJob>(
    `SELECT * FROM job WHERE ${where.join(' AND ')} ORDER BY "createTime" DESC, id DESC LIMIT ${bind(limit + 1)}`,
    values,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { accurateAsOf, items: page.map(jobRow), nextCursor: rows.length > limit && last ? writeCursor(last) : null };
}

const writeCursor = (job: StoredJob): string => Buffer.from(JSON.stringify([job.createTime.toISOString(), job.id])).toString('base64url');

function readCursor(cursor: string): { createTime: string; id: string } {
  try {
    const [createTime, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof id === 'string' && !Number.isNaN(Date.parse(createTime))) return { createTime, id };
  } catch {
    // told below
  }
  throw new Refusal('bad-request', 'This page of jobs cannot be found; begin again from the first.');
}
