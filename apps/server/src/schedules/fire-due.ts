import type { Dataflow, Schedule } from '@idsync/prisma/types';
import { openJobOf, queueJob } from '../jobs/queue-job.ts';
import { whyNoRun } from '../jobs/run-dataflow.ts';
import { stopJob } from '../jobs/stop-job.ts';
import type { Services } from '../services.ts';
import { inTransaction, type Queryable } from '../storage/database.ts';
import { type FrequencyType, timeAfter } from './next-time.ts';

/** Later than this a time counts as missed. */
const MISSED_AFTER_MS = 60_000;

type Due = Schedule & Pick<Dataflow, 'version' | 'status' | 'keptAsDraft'> & { dataflowName: string };

type Firing = { kind: 'started'; jobId: string } | { kind: 'skipped'; because: string } | { kind: 'waits'; openJob: string | undefined };

export interface FireInput {
  now: Date;
  /** Only this one. */
  scheduleId?: string;
}

/**
 * Makes the jobs of every schedule whose time has come. Each is handled in one transaction with its lock held: job, place in the
 * queue and next time are one commit, so any number of servers may do this at once and no time is lost or doubled. Returns the
 * number of jobs made.
 */
export async function fireDue(services: Services, { now, scheduleId }: FireInput): Promise<number> {
  const seen: string[] = [];
  const toStop: string[] = [];
  let started = 0;
  for (;;) {
    const firing = await inTransaction(services.pool, async (db) => {
      const due = await nextDue(db, { now, seen, scheduleId });
      if (!due) return undefined;
      seen.push(due.id);
      return { due, ...(await fire(db, services, { due, now })) };
    });
    if (!firing) break;
    if (firing.kind === 'started') started += 1;
    if (firing.kind === 'waits' && firing.due.overlap === 'stop' && firing.openJob) toStop.push(firing.openJob);
  }
  const scheduler = { id: 'schedules', name: 'a schedule that comes next', email: '', role: 'operator' as const };
  for (const jobId of toStop) await stopJob(services, scheduler, jobId);
  return started;
}

/** Locks the dataflow, too, as Run and Remove do; what somebody else holds comes with the next look. */
async function nextDue(
  db: Queryable,
  { now, seen, scheduleId }: { now: Date; seen: readonly string[]; scheduleId: string | undefined },
): Promise<Due | undefined> {
  const { rows } = await db.query<Due>(
    `SELECT s.*, d.name AS "dataflowName", d.version, d.status, d."keptAsDraft" FROM schedule AS s JOIN dataflow AS d ON d.id = s."dataflowId"
     WHERE s."nextRunAt" <= $1 AND s.enabled AND s."removedAt" IS NULL AND d."removedAt" IS NULL
       AND s.id <> ALL($2::text[]) AND ($3::text IS NULL OR s.id = $3)
     ORDER BY s."nextRunAt" LIMIT 1 FOR UPDATE OF s, d SKIP LOCKED`,
    [now, seen, scheduleId ?? null],
  );
  return rows[0];
}

async function fire(db: Queryable, services: Services, { due, now }: { due: Due; now: Date }): Promise<Firing> {
  const firing = await decide(db, services, { due, now });
  if (firing.kind === 'waits') return firing;
  const next = nextTime(due, now);
  await db.query('UPDATE schedule SET "nextRunAt" = $2, "jobId" = coalesce($3, "jobId"), "skippedBecause" = $4 WHERE id = $1', [
    due.id,
    next ?? null,
    firing.kind === 'started' ? firing.jobId : null,
    firing.kind === 'skipped' ? firing.because : null,
  ]);
  return firing;
}

async function decide(db: Queryable, services: Services, { due, now }: { due: Due; now: Date }): Promise<Firing> {
  const lateMs = now.getTime() - (due.nextRunAt ?? now).getTime();
  if (due.missedRuns === 'skip' && lateMs > MISSED_AFTER_MS && due.frequencyType !== 'once')
    return { kind: 'skipped', because: `The time ${due.nextRunAt?.toISOString()} was missed, and missed times are skipped.` };
  if (due.status !== 'published') return { kind: 'skipped', because: whyNoRun({ name: due.dataflowName, keptAsDraft: due.keptAsDraft }) };
  const openJob = await openJobOf(db, due.dataflowId);
  if (openJob && due.overlap === 'skip') return { kind: 'skipped', because: `Job ${openJob} of the dataflow had not ended.` };
  if (openJob) return { kind: 'waits', openJob };
  const jobId = await queueJob(db, services, {
    dataflow: { id: due.dataflowId, apiKey: due.apiKey, name: due.dataflowName, version: due.version },
    test: false,
    fullExtract: due.fullExtract,
    limit: due.limit,
    logLevel: due.logLevel as 'info' | 'error' | 'debug',
    createdByName: `Schedule ${due.name}`,
    schedulingId: due.id,
  });
  return { kind: 'started', jobId };
}

/** Counted from the time that was due when all missed times run, else from now on. */
function nextTime(due: Due, now: Date): Date | undefined {
  const frequency = { ...due, frequencyType: due.frequencyType as FrequencyType };
  return timeAfter(frequency, due.missedRuns === 'all' ? (due.nextRunAt ?? now) : now);
}
