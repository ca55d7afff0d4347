import { errorText, type JobInfo } from '@idsync/engine/dataflow';
import { openVersion } from '../dataflows/version-document.ts';
import type { StoredJob } from '../jobs/job-row.ts';
import type { Services } from '../services.ts';
import { siteCredentials } from '../sites/site-credentials.ts';
import type { ToRunner } from './messages.ts';

export type RunOrder = Extract<ToRunner, { type: 'run' }>;

/** All that the engine process of this job must know, or why it cannot be put together. */
export async function prepareRun(
  services: Pick<Services, 'prisma' | 'secrets' | 'access'>,
  job: StoredJob,
  spoolFolder: string,
): Promise<RunOrder | { fault: string }> {
  try {
    const document = await openVersion(services, job);
    const site = await siteCredentials(services, job.apiKey);
    return {
      type: 'run',
      document,
      site,
      job: await jobInfo(services, job),
      limit: job.limit ?? undefined,
      logLevel: job.logLevel,
      access: services.access,
      spoolFolder,
    };
  } catch (error) {
    return { fault: errorText(error) };
  }
}

/**
 * A run takes what changed since the last one that succeeded; the first run takes everything. A test always may take anything:
 * ten records that nobody touched lately show as much as others.
 */
async function jobInfo({ prisma }: Pick<Services, 'prisma'>, job: StoredJob): Promise<JobInfo> {
  const dataflow = await prisma.dataflow.findUnique({ where: { id: job.dataflowId }, select: { lastRuntime: true } });
  return {
    id: job.id,
    dataflowId: job.dataflowId,
    dataflowName: job.dataflowName,
    startTime: job.startTime ?? new Date(),
    attemptNumber: job.attemptNumber,
    test: job.test,
    changedSince: job.test || job.fullExtract ? undefined : (dataflow?.lastRuntime ?? undefined),
    fullExtract: job.fullExtract,
  };
}
