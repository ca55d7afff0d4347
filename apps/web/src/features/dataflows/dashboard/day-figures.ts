import type { DataflowRow, JobRow } from '../../../lib/api.ts';
import { isActive } from '../../../lib/job-outcome.ts';

const dayMs = 86_400_000;

export interface DayFigures {
  flows: number;
  running: number;
  failed: number;
  /** Records processed by jobs that started since midnight UTC. */
  recordsToday: number;
}

/** Site-wide figures: running jobs from the flows, the rest from the jobs of the last 24 hours. */
export function dayFigures(flows: readonly DataflowRow[], jobs: readonly JobRow[], nowMs: number): DayFigures {
  const midnight = nowMs - (nowMs % dayMs);
  const since = (job: JobRow, fromMs: number) => job.startTime !== null && Date.parse(job.startTime) >= fromMs;
  return {
    flows: flows.length,
    running: flows.flatMap((flow) => flow.recentJobs).filter((job) => isActive(job.status)).length,
    failed: jobs.filter((job) => job.status === 'failed' && since(job, nowMs - dayMs)).length,
    recordsToday: jobs.filter((job) => since(job, midnight)).reduce((sum, job) => sum + job.processedRecords, 0),
  };
}
