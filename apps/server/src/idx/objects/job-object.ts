import type { Schedule } from '@idsync/prisma/types';
import type { StoredJob } from '../../jobs/job-row.ts';
import type { Queryable } from '../../storage/database.ts';

/** A row of table `job`, with what the API tells of the schedule that made it. */
export interface JobStatusRow extends Omit<StoredJob, 'snapshot' | 'lease' | 'heartbeatAt' | 'stopRequestedAt' | 'dataflowVersion'> {
  siteId: number;
  schedule: Pick<Schedule, 'frequencyType' | 'frequencyInterval' | 'successEmailNotification' | 'failureEmailNotification'> | null;
}

/** The original knows no waiting: a job that waits for a worker is `running` to its clients. */
export const JOB_STATUS = `CASE j.status WHEN 'pending' THEN 'running' ELSE j.status END`;
const JOB_SCHEDULE = `CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('frequencyType', s."frequencyType", 'frequencyInterval', s."frequencyInterval",
  'successEmailNotification', s."successEmailNotification", 'failureEmailNotification', s."failureEmailNotification") END`;

/** The columns of {@link JobStatusRow}: all but those that are large or nobody's business. */
export const JOB_COLUMNS = `j.id, j."dataflowId", j."apiKey", j."dataflowName", j.status, j.test, j."fullExtract", j."limit", j."logLevel", j."attemptNumber", j."startTime",
  j."endTime", j."createTime", j."updateTime", j."processedRecords", j."totalRecords", j."failedRecords", j."createdByName", j."schedulingId", j."hostName", j.outcome,
  (SELECT site."siteId" FROM site WHERE site."apiKey" = j."apiKey") AS "siteId", ${JOB_SCHEDULE} AS schedule`;

export type TraceObject = Record<string, unknown>;

/** A job as the API shows it; fields without a value are left out. */
export const jobObject = (row: JobStatusRow, trace: readonly TraceObject[]): Record<string, unknown> => ({
  id: row.id,
  dataflowId: row.dataflowId,
  dataflowName: row.dataflowName,
  ...(row.schedulingId && { schedulingId: row.schedulingId }),
  status: row.status === 'pending' ? 'running' : row.status,
  attemptNumber: row.attemptNumber,
  createTime: row.createTime.toISOString(),
  updateTime: row.updateTime.toISOString(),
  ...(row.startTime && { startTime: row.startTime.toISOString() }),
  ...(row.endTime && { endTime: row.endTime.toISOString() }),
  frequencyType: row.schedule?.frequencyType ?? 'once',
  ...(row.schedule?.frequencyInterval && { frequencyInterval: row.schedule.frequencyInterval }),
  processedRecords: row.processedRecords,
  ...(row.totalRecords !== null && { totalRecords: row.totalRecords }),
  ...(row.hostName && { hostName: row.hostName }),
  ...(row.limit !== null && { limit: row.limit }),
  ...(row.schedule?.successEmailNotification && { successEmailNotification: row.schedule.successEmailNotification }),
  ...(row.schedule?.failureEmailNotification && { failureEmailNotification: row.schedule.failureEmailNotification }),
  ...(row.outcome && { outcome: row.outcome }),
  trace,
  archive: false,
  apiKey: row.apiKey,
  siteId: row.siteId,
});

/** The newest lines of each job's log, newest first. */
export async function tracesOf(db: Queryable, ids: readonly string[], linesPerJob: number): Promise<Map<string, TraceObject[]>> {
  const { rows } = await db.query<{ jobId: string; line: TraceObject }>(
    `SELECT wanted.id AS "jobId", jsonb_strip_nulls(jsonb_build_object('time', to_char(line.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'level', line.level, 'step', line.step, 'message', line.message)) || CASE WHEN line.data IS NULL THEN '{}' ELSE jsonb_build_object('data', line.data) END AS line
     FROM unnest($1::text[]) AS wanted(id)
     CROSS JOIN LATERAL (SELECT * FROM job_trace WHERE "jobId" = wanted.id ORDER BY seq DESC LIMIT $2) AS line ORDER BY wanted.id, line.seq DESC`,
    [ids, linesPerJob],
  );
  const byJob = Map.groupBy(rows, (row) => row.jobId);
  return new Map([...byJob].map(([id, lines]) => [id, lines.map(({ line }) => line)]));
}
