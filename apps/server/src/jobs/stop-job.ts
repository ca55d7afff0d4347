import type { JobStatus } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import { requireRole, type SignedInUser } from '../users/roles.ts';
import { findJob } from './find-job.ts';
import { hasEnded } from './job-row.ts';
import { makeTransition } from './transitions.ts';

/**
 * Stops a job. One that waits, or whose worker died, is killed at once; one that runs is asked to stop, which its worker
 * notices within a second and enforces after a grace time. Returns the status as it is now; stopping an ended job changes nothing.
 */
export async function stopJob(services: Services, user: SignedInUser, id: string): Promise<{ status: JobStatus }> {
  const job = await findJob(services.pool, id);
  if (!job.test) requireRole(user, 'operator', 'Stopping a job');
  if (hasEnded(job.status)) return { status: job.status };
  const outcome = `Stopped by ${user.name}.`;
  const waiting = await makeTransition(services.pool, id, 'cancel', { outcome: `${outcome} It had not started.` });
  if (waiting) return { status: waiting.status };
  // Asked first, so that a worker that takes the job over in this moment sees it.
  await services.pool.query(`UPDATE job SET "stopRequestedAt" = coalesce("stopRequestedAt", now()) WHERE id = $1 AND status = 'running'`, [
    id,
  ]);
  const dead = await makeTransition(services.pool, id, 'bury', { outcome: `${outcome} Its worker had not answered any more.` });
  return { status: dead?.status ?? (await findJob(services.pool, id)).status };
}
