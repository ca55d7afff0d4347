import { Refusal } from '../refusal.ts';
import type { Queryable } from '../storage/database.ts';
import type { StoredJob } from './job-row.ts';

export async function findJob(db: Queryable, id: string): Promise<StoredJob> {
  const { rows } = await db.query<StoredJob>('SELECT * FROM job WHERE id = $1', [id]);
  const [job] = rows;
  if (!job) throw new Refusal('not-found', `There is no job ${id}.`);
  return job;
}
