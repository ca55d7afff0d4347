import type { Json, TraceLine } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import type { Queryable } from '../storage/database.ts';
import { storableText } from '../storage/storable.ts';

export type StoredLine = TraceLine & { seq: number };

const levels = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;

export interface TraceInput {
  id: string;
  /** Lines of this level and the graver ones. */
  level?: TraceLine['level'] | undefined;
  /** Text anywhere in step, message or data, letter case aside. */
  search?: string | undefined;
  /** Only lines before this one. */
  before?: number | undefined;
  limit?: number | undefined;
}

/** A page of a job's log, newest first. */
export async function readTrace({ pool }: Services, input: TraceInput): Promise<{ lines: StoredLine[]; nextBefore: number | null }> {
  const limit = input.limit ?? 200;
  const values: unknown[] = [input.id];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = ['"jobId" = $1'];
  if (input.before !== undefined) where.push(`seq < ${bind(input.before)}`);
  if (input.level) where.push(`level = ANY(${bind(levels.slice(0, levels.indexOf(input.level) + 1))})`);
  if (input.search) {
    const pattern = bind(`%${storableText(input.search).replace(/[\\%_]/g, '\\$&')}%`);
    where.push(`(message ILIKE ${pattern} OR step ILIKE ${pattern} OR data::text ILIKE ${pattern})`);
  }
  const lines = await selectLines(pool, `WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ${bind(limit + 1)}`, values);
  const page = lines.slice(0, limit);
  return { lines: page, nextBefore: lines.length > limit ? (page.at(-1)?.seq ?? null) : null };
}

/** Lines after `seq`, oldest first. */
export const linesAfter = (db: Queryable, { id, seq, limit }: { id: string; seq: number; limit: number }): Promise<StoredLine[]> =>
  selectLines(db, 'WHERE "jobId" = $1 AND seq > $2 ORDER BY seq LIMIT $3', [id, seq, limit]);

async function selectLines(db: Queryable, rest: string, values: unknown[]): Promise<StoredLine[]> {
  const { rows } = await db.query<Omit<StoredLine, 'time' | 'data'> & { time: Date; data: Json | null }>(
    `SELECT seq, time, level, step, message, data FROM job_trace ${rest}`,
    values,
  );
  return rows.map(({ data, time, ...line }) => ({ ...line, time: time.toISOString(), ...(data !== null && { data }) }));
}
