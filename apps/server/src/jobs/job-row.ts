import type { JobSnapshot, JobStatus, LogLevel } from '@idsync/engine/dataflow';

/** A job as lists show it. Dates are ISO strings. */
export interface JobRow {
  id: string;
  dataflowId: string;
  dataflowName: string;
  dataflowVersion: number;
  status: JobStatus;
  test: boolean;
  attemptNumber: number;
  startTime: string | null;
  endTime: string | null;
  processedRecords: number;
  totalRecords: number | null;
  failedRecords: number;
  createdByName: string;
}

/** The columns of table `job` that this server reads; see schema.prisma. */
export interface StoredJob {
  id: string;
  dataflowId: string;
  apiKey: string;
  dataflowName: string;
  dataflowVersion: number;
  status: JobStatus;
  test: boolean;
  fullExtract: boolean;
  limit: number | null;
  logLevel: LogLevel;
  attemptNumber: number;
  startTime: Date | null;
  endTime: Date | null;
  createTime: Date;
  updateTime: Date;
  processedRecords: number;
  totalRecords: number | null;
  failedRecords: number;
  createdByName: string;
  schedulingId: string | null;
  hostName: string | null;
  outcome: string | null;
  snapshot: Omit<JobSnapshot, 'totalRecords'> | null;
  lease: string | null;
  heartbeatAt: Date | null;
  stopRequestedAt: Date | null;
}

export const jobRow = (job: StoredJob): JobRow => ({
  id: job.id,
  dataflowId: job.dataflowId,
  dataflowName: job.dataflowName,
  dataflowVersion: job.dataflowVersion,
  status: job.status,
  test: job.test,
  attemptNumber: job.attemptNumber,
  startTime: job.startTime?.toISOString() ?? null,
  endTime: job.endTime?.toISOString() ?? null,
  processedRecords: job.processedRecords,
  totalRecords: job.totalRecords,
  failedRecords: job.failedRecords,
  createdByName: job.createdByName,
});

/** The run's last known state, with the row's own status, outcome and counts, which count from the first moment on. */
export const snapshotOf = (job: StoredJob): JobSnapshot => ({
  steps: job.snapshot?.steps ?? [],
  arrows: job.snapshot?.arrows ?? [],
  errors: job.snapshot?.errors ?? [],
  status: job.status,
  processedRecords: job.processedRecords,
  totalRecords: job.totalRecords ?? undefined,
  ...(job.outcome !== null && { outcome: job.outcome }),
});

export const hasEnded = (status: JobStatus): boolean => status !== 'pending' && status !== 'running';
