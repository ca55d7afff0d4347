import type { Services } from '../services.ts';
import { type JobRow, jobRow, type StoredJob } from './job-row.ts';

/** The newest jobs of each dataflow of a site, newest last. */
export async function recentJobs(
  { pool }: Pick<Services, 'pool'>,
  { apiKey, perDataflow }: { apiKey: string; perDataflow: number },
): Promise<Map<string, JobRow[]>> {
  const { rows } = await pool.query<StoredJob>(
    `SELECT job.* FROM dataflow
     CROSS JOIN LATERAL (SELECT * FROM job WHERE job."dataflowId" = dataflow.id ORDER BY "createTime" DESC LIMIT $2) AS job
     WHERE dataflow."apiKey" = $1 AND dataflow."removedAt" IS NULL ORDER BY job."createTime"`,
    [apiKey, perDataflow],
  );
  const byDataflow = new Map<string, JobRow[]>();
  for (const row of rows) {
    const own = byDataflow.get(row.dataflowId) ?? [];
    byDataflow.set(row.dataflowId, [...own, jobRow(row)]);
  }
  return byDataflow;
}
