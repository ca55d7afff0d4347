import type { JobSnapshot, TraceLine } from '@idsync/engine/dataflow';
import { JOB_CHANNEL } from '../jobs/transitions.ts';
import type { Pool } from '../storage/database.ts';
import { storableJson } from '../storage/storable.ts';

/** Lines kept of one job. A debug log of millions of records would fill the disk. */
const MOST_LINES = 50_000;

export interface JobRecord {
  add(lines: readonly TraceLine[]): void;
  update(snapshot: JobSnapshot): void;
  /** Writes what came since the last call, and the heartbeat. `lost`: the job is not ours any more, nothing was written. */
  flush(): Promise<'kept' | 'stop-requested' | 'lost'>;
}

/** Writes the state and the log of a running job, as long as the lease is held. */
export async function openJobRecord(pool: Pool, { jobId, lease }: { jobId: string; lease: string }): Promise<JobRecord> {
  const { rows } = await pool.query<{ last: number }>('SELECT coalesce(max(seq), 0) AS last FROM job_trace WHERE "jobId" = $1', [jobId]);
  let seq = rows[0]?.last ?? 0;
  let waiting: (TraceLine & { seq: number })[] = [];
  let snapshot: JobSnapshot | undefined;

  return {
    add: (lines) => {
      for (const line of lines) {
        // The end of the story is kept whatever came before it.
        if (seq >= MOST_LINES && line.level !== 'ERROR') continue;
        seq += 1;
        waiting.push({ ...line, seq });
        if (seq === MOST_LINES) waiting.push({ ...fullLog(), seq: ++seq });
      }
    },
    update: (next) => {
      snapshot = next;
    },
    flush: async () => {
      const lines = waiting;
      const next = snapshot;
      waiting = [];
      snapshot = undefined;
      const { rows: held } = await pool.query<{ stop: boolean }>(FLUSH, [
        jobId,
        lease,
        next ? storableJson({ ...next, totalRecords: undefined }) : null,
        next?.processedRecords ?? null,
        next?.totalRecords ?? null,
        next?.steps.reduce((sum, step) => sum + step.failed, 0) ?? null,
        storableJson(lines.map((line) => ({ ...line, data: line.data ?? null }))),
        JOB_CHANNEL,
      ]);
      if (!held[0]) return 'lost';
      return held[0].stop ? 'stop-requested' : 'kept';
    },
  };
}

/** One statement, so that the lease guards the log too; those who watch are told when it commits. */
const FLUSH = `
  WITH held AS (
    UPDATE job SET "heartbeatAt" = now(), "updateTime" = now(), snapshot = coalesce($3::jsonb, snapshot),
      "processedRecords" = coalesce($4, "processedRecords"), "totalRecords" = coalesce($5, "totalRecords"), "failedRecords" = coalesce($6, "failedRecords")
    WHERE id = $1 AND lease = $2 AND status = 'running'
    RETURNING id, "stopRequestedAt" IS NOT NULL AS stop
  ), lines AS (
    INSERT INTO job_trace ("jobId", seq, time, level, step, message, data)
    SELECT held.id, line.seq, line.time, line.level, line.step, line.message, nullif(line.data, 'null'::jsonb)
    FROM held, jsonb_to_recordset($7::jsonb) AS line(seq int, time timestamptz, level text, step text, message text, data jsonb)
  )
  SELECT stop, CASE WHEN $3::jsonb IS NOT NULL OR $7::jsonb <> '[]'::jsonb THEN pg_notify($8, id) END FROM held`;

const fullLog = (): TraceLine => ({
  time: new Date().toISOString(),
  level: 'WARN',
  step: 'System',
  message: `This log is full (${MOST_LINES} lines). From here on only errors are kept.`,
});
