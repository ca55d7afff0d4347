import type { LogLevel } from '@idsync/engine/dataflow';
import { newId } from '../new-id.ts';
import type { Services } from '../services.ts';
import type { Queryable } from '../storage/database.ts';

/** The dataflow's row as it stands under the lock of the transaction. */
export interface RunnableDataflow {
  id: string;
  apiKey: string;
  name: string;
  version: number;
}

export interface JobOrder {
  dataflow: RunnableDataflow;
  test: boolean;
  fullExtract: boolean;
  limit: number | null;
  logLevel: LogLevel;
  createdByName: string;
  schedulingId: string | null;
}

/** Inserts a job and its place in the queue, within the caller's transaction. */
export async function queueJob(db: Queryable, { queue }: Pick<Services, 'queue'>, order: JobOrder): Promise<string> {
  const { dataflow } = order;
  const id = newId();
  await db.query(
    `INSERT INTO job (id, "dataflowId", "apiKey", "dataflowName", "dataflowVersion", status, test, "fullExtract", "limit", "logLevel", "createdByName", "schedulingId")
     VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11)`,
    [
      id,
      dataflow.id,
      dataflow.apiKey,
      dataflow.name,
      dataflow.version,
      order.test,
      order.fullExtract,
      order.limit,
      order.logLevel,
      order.createdByName,
      order.schedulingId,
    ],
  );
  await queue.add(db, id);
  return id;
}

/** The job of this dataflow that waits or runs; tests do not count. */
export async function openJobOf(db: Queryable, dataflowId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM job WHERE "dataflowId" = $1 AND NOT test AND status IN ('pending', 'running') LIMIT 1`,
    [dataflowId],
  );
  return rows[0]?.id;
}
