import type { Schedule } from '@idsync/prisma/types';

/** A row of table `schedule` and what its object tells besides. */
export interface ScheduleRow extends Schedule {
  siteId: number;
  /** `busy` while its job waits or runs, how its last job ended, or `ready`. */
  schedulingStatus: string;
}

/** The SQL of {@link ScheduleRow.schedulingStatus}, with the schedule as `s` and its last job as `j`. */
export const SCHEDULING_STATUS = `CASE WHEN j.status IN ('pending', 'running') THEN 'busy' WHEN s."nextRunAt" IS NOT NULL OR j.status IS NULL THEN 'ready' ELSE j.status END`;

/** A schedule as the API shows it; fields without a value are left out. */
export const scheduleObject = (row: ScheduleRow): Record<string, unknown> => ({
  id: row.id,
  name: row.name,
  dataflowId: row.dataflowId,
  frequencyType: row.frequencyType,
  ...(row.frequencyInterval !== null && { frequencyInterval: row.frequencyInterval }),
  nextJobStartTime: (row.nextRunAt ?? row.startTime).toISOString(),
  ...(row.jobId && { jobId: row.jobId }),
  logLevel: row.logLevel,
  ...(row.successEmailNotification && { successEmailNotification: row.successEmailNotification }),
  ...(row.failureEmailNotification && { failureEmailNotification: row.failureEmailNotification }),
  ...(row.limit !== null && { limit: row.limit }),
  fullExtract: row.fullExtract,
  enabled: row.enabled,
  missedRuns: row.missedRuns,
  overlap: row.overlap,
  schedulingStatus: row.schedulingStatus,
  ...(row.skippedBecause && { skippedBecause: row.skippedBecause }),
  createTime: row.createdAt.toISOString(),
  updateTime: row.updatedAt.toISOString(),
  apiKey: row.apiKey,
  siteId: row.siteId,
});
