import type { JobSnapshot } from '@idsync/engine/dataflow';
import type { StoredJob } from '../jobs/job-row.ts';
import { makeTransition } from '../jobs/transitions.ts';
import { inTransaction, type Pool } from '../storage/database.ts';
import { storableText } from '../storage/storable.ts';
import type { JobRecord } from './job-record.ts';

const transitions = { succeeded: 'succeed', failed: 'fail', killed: 'kill' } as const;

/**
 * Writes the last lines and the end of a job. A success that was no test moves the dataflow's `lastRuntime` to the start of the
 * job, so that what changed while it ran is taken by the next one. It stays when the limit cut the run off: what was left out would
 * never be read again. Does nothing when the lease is lost.
 */
export async function finishJob(
  pool: Pool,
  { job, lease, record, snapshot }: { job: StoredJob; lease: string; record: JobRecord; snapshot: JobSnapshot },
): Promise<void> {
  record.update(snapshot);
  if ((await record.flush()) === 'lost') return;
  const transition = snapshot.status === 'succeeded' || snapshot.status === 'killed' ? transitions[snapshot.status] : 'fail';
  await inTransaction(pool, async (db) => {
    const ended = await makeTransition(db, job.id, transition, { lease, outcome: storedOutcome(snapshot) });
    if (ended?.status !== 'succeeded' || ended.test || wasCutOff(ended)) return;
    await db.query('UPDATE dataflow SET "lastRuntime" = greatest("lastRuntime", $2) WHERE id = $1', [ended.dataflowId, ended.startTime]);
  });
}

const wasCutOff = ({ limit, processedRecords }: StoredJob): boolean => limit !== null && processedRecords >= limit;

const storedOutcome = ({ outcome, status }: JobSnapshot): string =>
  storableText(outcome ?? (status === 'succeeded' ? 'Finished.' : 'Ended.'));
