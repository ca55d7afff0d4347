import os from 'node:os';
import { findJob } from '../jobs/find-job.ts';
import { hasEnded, type StoredJob } from '../jobs/job-row.ts';
import { makeTransition } from '../jobs/transitions.ts';
import type { Pool } from '../storage/database.ts';

/** A job whose workers died so often is likely the reason. */
const MOST_ATTEMPTS = 3;

/**
 * Takes a job that was handed out. Undefined when there is nothing to run: it was stopped before it began, has ended, or
 * went through too many workers. Rejects while another worker still shows signs of life; the queue hands it out again.
 */
export async function claimJob(pool: Pool, { jobId, lease }: { jobId: string; lease: string }): Promise<StoredJob | undefined> {
  const hostName = os.hostname();
  const claimed = await makeTransition(pool, jobId, 'claim', { lease, hostName });
  if (claimed) return claimed;
  const job = await findJob(pool, jobId);
  if (hasEnded(job.status)) return undefined;
  if (job.stopRequestedAt) {
    const buried = await makeTransition(pool, jobId, 'bury', {
      outcome: 'Stopped. Its worker had ended before it could stop the job itself.',
    });
    if (buried) return undefined;
  } else if (job.attemptNumber >= MOST_ATTEMPTS) {
    const outcome = `${MOST_ATTEMPTS} attempts were cut off because their worker ended (last on ${job.hostName}): the server was stopped, or that machine lacks memory. Run the dataflow again.`;
    if (await makeTransition(pool, jobId, 'giveUp', { outcome })) return undefined;
  } else {
    const taken = await makeTransition(pool, jobId, 'takeOver', { lease, hostName });
    if (taken) return taken;
  }
  throw new Error(`Job ${jobId} is still in the hands of another worker.`);
}
