import type { LogLevel } from '@idsync/engine/dataflow';
import { findDataflow } from '../dataflows/find-dataflow.ts';
import { newId } from '../new-id.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { inTransaction } from '../storage/database.ts';
import { requireRole, type SignedInUser } from '../users/roles.ts';

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
  if (row.status !== 'published')
    throw new Refusal('conflict', `"${row.name}" has errors and cannot run. Open it and mend what its list of problems shows.`);
  const jobId = newId();
  await inTransaction(services.pool, async (db) => {
    // The row lock makes two people who press Run at the same moment, or Run and Remove, come one after the other.
    const locked = await db.query('SELECT 1 FROM dataflow WHERE id = $1 AND "removedAt" IS NULL FOR UPDATE', [row.id]);
    if (locked.rowCount === 0) throw new Refusal('not-found', `"${row.name}" was removed a moment ago.`);
    const { rows } = await db.query<{ id: string }>(
      `SELECT id FROM job WHERE "dataflowId" = $1 AND NOT test AND status IN ('pending', 'running') LIMIT 1`,
      [row.id],
    );
    if (rows[0] && !test) throw new Refusal('conflict', `"${row.name}" already runs as job ${rows[0].id}. Wait for it, or stop it first.`);
    await db.query(
      `INSERT INTO job (id, "dataflowId", "apiKey", "dataflowName", "dataflowVersion", status, test, "fullExtract", "limit", "logLevel", "createdByName")
       VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10)`,
      [
        jobId,
        row.id,
        row.apiKey,
        row.name,
        row.version,
        test,
        input.fullExtract ?? false,
        input.limit ?? (test ? TEST_RECORDS : null),
        input.logLevel ?? 'info',
        user.name,
      ],
    );
    await services.queue.add(db, jobId);
  });
  return { jobId };
}
