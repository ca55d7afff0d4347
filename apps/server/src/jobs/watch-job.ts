import type { JobSnapshot } from '@idsync/engine/dataflow';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import type { Services } from '../services.ts';
import { findJob } from './find-job.ts';
import { hasEnded, type JobRow, jobRow, snapshotOf } from './job-row.ts';
import { linesAfter, type StoredLine } from './read-trace.ts';

export interface JobEvent {
  job: JobRow;
  snapshot: JobSnapshot;
  /** New lines of the log, oldest first. */
  lines: StoredLine[];
}

const LINES_PER_EVENT = 500;
/** Lines told to somebody who comes without having seen any; the log itself has the older ones. */
const REPLAY_LINES = 1_000;

/**
 * What happens in a job, from the line after `lastEventId` on, until it ends. Subscribes before it reads, so that nothing falls
 * in between. The id of an event is the number of its last line.
 */
export async function* watchJob(
  { pool, events }: Services,
  { id, lastEventId }: { id: string; lastEventId?: string | null | undefined },
  signal: AbortSignal,
): AsyncGenerator<TrackedEnvelope<JobEvent>, void> {
  const ticks = events.watch(id, signal);
  try {
    let seq = lastEventId ? Number.parseInt(lastEventId, 10) || 0 : await replayStart(pool, id);
    do {
      for (let more = true; more; ) {
        const job = await findJob(pool, id);
        const lines = await linesAfter(pool, { id, seq, limit: LINES_PER_EVENT });
        more = lines.length === LINES_PER_EVENT;
        seq = lines.at(-1)?.seq ?? seq;
        yield tracked(String(seq), { job: jobRow(job), snapshot: snapshotOf(job), lines });
        if (hasEnded(job.status) && !more) return;
      }
    } while (await ticks.next());
  } finally {
    ticks.close();
  }
}

async function replayStart(pool: Services['pool'], id: string): Promise<number> {
  const { rows } = await pool.query<{ last: number | null }>('SELECT max(seq) AS last FROM job_trace WHERE "jobId" = $1', [id]);
  return Math.max(0, (rows[0]?.last ?? 0) - REPLAY_LINES);
}
