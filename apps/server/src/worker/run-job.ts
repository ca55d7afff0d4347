import { randomUUID } from 'node:crypto';
import { makeTransition } from '../jobs/transitions.ts';
import type { Services } from '../services.ts';
import { claimJob } from './claim-job.ts';
import { finishJob } from './finish-job.ts';
import { openJobRecord } from './job-record.ts';
import { prepareRun } from './prepare-run.ts';
import { openSpoolFolder } from './spool-folder.ts';
import { failedWith, superviseEngine } from './supervise-engine.ts';

export type WorkerServices = Pick<Services, 'prisma' | 'pool' | 'secrets' | 'access' | 'env' | 'log'>;

/**
 * Runs one job to its end: claims it, runs it in an engine process, finishes it. Rejects when the job must be handed out
 * again: this worker shuts down (`leaving`), or another one still holds the job.
 */
export async function runJob(services: WorkerServices, jobId: string, leaving: AbortSignal): Promise<void> {
  const { pool } = services;
  const lease = randomUUID();
  const job = await claimJob(pool, { jobId, lease });
  if (!job) return;
  const log = services.log.child({ job: jobId, dataflow: job.dataflowId, attempt: job.attemptNumber });
  log.info('Job claimed.');
  const record = await openJobRecord(pool, { jobId, lease });
  await using spool = await openSpoolFolder(job);
  const order = await prepareRun(services, job, spool.path);
  const ending =
    'fault' in order
      ? { kind: 'ended' as const, snapshot: failedWith(record, order.fault) }
      : await superviseEngine({ order, record, memoryMb: services.env.jobMemoryMb, leaving });
  if (ending.kind === 'lost') return log.warn('The job was taken over by another worker.');
  if (ending.kind === 'left') {
    await makeTransition(pool, jobId, 'release', { lease });
    throw new Error('This worker shuts down; the job is handed out again.');
  }
  await finishJob(pool, { job, lease, record, snapshot: ending.snapshot });
  log.info({ status: ending.snapshot.status }, 'Job ended.');
}
