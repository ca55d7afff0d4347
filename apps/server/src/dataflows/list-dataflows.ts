import type { JobStatus } from '@idsync/engine/dataflow';
import type { JobRow } from '../jobs/job-row.ts';
import { recentJobs } from '../jobs/recent-jobs.ts';
import type { Services } from '../services.ts';

export interface RecentJob {
  id: string;
  status: JobStatus;
  processedRecords: number;
  failedRecords: number;
  startTime: string | null;
}

export interface DataflowListItem {
  id: string;
  name: string;
  description: string;
  outline: string;
  /** `published`, or `draft` while it has errors. */
  status: string;
  version: number;
  updateTime: string;
  updatedByName: string;
  lastRuntime: string | null;
  /** The next time one of its schedules makes a job. */
  nextRun: string | null;
  lastJob: JobRow | null;
  /** Newest last, 20 at most. */
  recentJobs: RecentJob[];
}

/** The dashboard's rows. */
export async function listDataflows(services: Services, apiKey: string): Promise<{ accurateAsOf: string; items: DataflowListItem[] }> {
  const accurateAsOf = new Date().toISOString();
  const rows = await services.prisma.dataflow.findMany({
    where: { apiKey, removedAt: null },
    orderBy: { name: 'asc' },
    omit: { document: true, layout: true },
  });
  const jobs = await recentJobs(services, { apiKey, perDataflow: 20 });
  const nextRuns = await nextRunsOf(services, apiKey);
  const items = rows.map((row): DataflowListItem => {
    const own = jobs.get(row.id) ?? [];
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      outline: row.outline,
      status: row.status,
      version: row.version,
      updateTime: row.updatedAt.toISOString(),
      updatedByName: row.updatedByName,
      lastRuntime: row.lastRuntime?.toISOString() ?? null,
      nextRun: nextRuns.get(row.id)?.toISOString() ?? null,
      lastJob: own.at(-1) ?? null,
      recentJobs: own.map(({ id, status, processedRecords, failedRecords, startTime }) => ({
        id,
        status,
        processedRecords,
        failedRecords,
        startTime,
      })),
    };
  });
  return { accurateAsOf, items };
}

async function nextRunsOf({ prisma }: Services, apiKey: string): Promise<Map<string, Date | null>> {
  const where = { apiKey, enabled: true, removedAt: null, nextRunAt: { not: null } };
  const rows = await prisma.schedule.groupBy({ by: ['dataflowId'], where, _min: { nextRunAt: true } });
  return new Map(rows.map((row) => [row.dataflowId, row._min.nextRunAt]));
}
