import type { DataflowDocument, JobSnapshot, LogLevel } from '@idsync/engine/dataflow';
import { versionDocument } from '../dataflows/version-document.ts';
import type { Services } from '../services.ts';
import { findJob } from './find-job.ts';
import { type JobRow, jobRow, snapshotOf } from './job-row.ts';

export interface JobDetails extends JobRow {
  snapshot: JobSnapshot;
  /** The version that ran, secrets masked. */
  document: DataflowDocument;
  logLevel: LogLevel;
  fullExtract: boolean;
  limit: number | null;
  hostName: string | null;
  schedulingId: string | null;
  outcome: string | null;
  /** True from the moment somebody asked it to stop. */
  stopping: boolean;
  updateTime: string;
  createTime: string;
}

export async function getJob(services: Services, id: string): Promise<JobDetails> {
  const job = await findJob(services.pool, id);
  return {
    ...jobRow(job),
    snapshot: snapshotOf(job),
    document: await versionDocument(services, job),
    logLevel: job.logLevel,
    fullExtract: job.fullExtract,
    limit: job.limit,
    hostName: job.hostName,
    schedulingId: job.schedulingId,
    outcome: job.outcome,
    stopping: job.status === 'running' && job.stopRequestedAt !== null,
    updateTime: job.updateTime.toISOString(),
    createTime: job.createTime.toISOString(),
  };
}
