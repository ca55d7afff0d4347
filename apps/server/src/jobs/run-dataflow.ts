import type { LogLevel } from '@idsync/engine/dataflow';
import { findDataflow } from '../dataflows/find-dataflow.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { inTransaction } from '../storage/database.ts';
import { requireRole, type SignedInUser } from '../users/roles.ts';
import { openJobOf, queueJob } from './queue-job.ts';

export interface RunInput {
  dataflowId: string;
  /** Ten records, and the time of the last run stays where it is. */
  test?: boolean | undefined;
  /** Pull all records, whatever the time of the last run. */
  fullExtract?: boolean | undefined;
  limit?: number | undefined;
  logLevel?: LogLevel | undefined;
}

const TEST_RECORDS = 10;

/** Makes a job of the dataflow's current version and queues it, in one transaction. A draft does not run, and a dataflow not twice at a time. */
export async function runDataflow(services: Services, user: SignedInUser, input: RunInput): Promise<{ jobId: string }> {
  const test = input.test ?? false;
  if (!test) requireRole(user, 'operator', 'Running a dataflow');
  const row = await findDataflow(services, input.dataflowId);
  if (row.status !== 'published') throw new Refusal('conflict', whyNoRun(row));
  const jobId = await inTransaction(services.pool, async (db) => {
    // The row lock makes two people who press Run at the same moment, or Run and Remove, come one after the other.
    const locked = await db.query('SELECT 1 FROM dataflow WHERE id = $1 AND "removedAt" IS NULL FOR UPDATE', [row.id]);
    if (locked.rowCount === 0) throw new Refusal('not-found', `"${row.name}" was removed a moment ago.`);
    const open = await openJobOf(db, row.id);
    if (open && !test) throw new Refusal('conflict', `"${row.name}" already runs as job ${open}. Wait for it, or stop it first.`);
    return queueJob(db, services, {
      dataflow: row,
      test,
      fullExtract: input.fullExtract ?? false,
      limit: input.limit ?? (test ? TEST_RECORDS : null),
      logLevel: input.logLevel ?? 'info',
      createdByName: user.name,
      schedulingId: null,
    });
  });
  return { jobId };
}

/** Why a dataflow whose status is `draft` cannot run. */
export const whyNoRun = ({ name, keptAsDraft }: { name: string; keptAsDraft: boolean }): string =>
  keptAsDraft
    ? `"${name}" is kept as a draft and cannot run. Publish it first: save it in the studio, or with idx.setDataflow.`
    : `"${name}" has errors and cannot run. Open it and mend what its list of problems shows.`;
