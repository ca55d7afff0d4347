import type { JobStatus } from '@idsync/engine/dataflow';
import type { Queryable } from '../storage/database.ts';
import type { StoredJob } from './job-row.ts';

/**
 * The life of a job: pending → running → succeeded | failed | killed.
 *
 * A worker that claims a job writes a token of its own into `lease` and proves with it, at every change, that the job is
 * still its own. It renews `heartbeatAt` every second; a running job whose heart is silent belongs to nobody, and
 * may be taken over (a new attempt under a new lease) or ended. So a worker that was cut off can change nothing any more.
 *
 * | transition | from    | to        | who may                                            |
 * |------------|---------|-----------|----------------------------------------------------|
 * | claim      | pending | running   | any worker                                         |
 * | cancel     | pending | killed    | anybody who may stop it                            |
 * | succeed, fail, kill | running | succeeded, failed, killed | the worker that holds the lease  |
 * | release    | running | running   | the worker that holds the lease and shuts down     |
 * | takeOver   | running | running   | any worker, when the heart is silent               |
 * | giveUp     | running | failed    | any worker, when the heart is silent               |
 * | bury       | running | killed    | anybody who may stop it, when the heart is silent  |
 */
const table = {
  claim: { from: 'pending', to: 'running', guard: 'none' },
  cancel: { from: 'pending', to: 'killed', guard: 'none' },
  succeed: { from: 'running', to: 'succeeded', guard: 'lease' },
  fail: { from: 'running', to: 'failed', guard: 'lease' },
  kill: { from: 'running', to: 'killed', guard: 'lease' },
  release: { from: 'running', to: 'running', guard: 'lease' },
  takeOver: { from: 'running', to: 'running', guard: 'silent' },
  giveUp: { from: 'running', to: 'failed', guard: 'silent' },
  bury: { from: 'running', to: 'killed', guard: 'silent' },
} as const satisfies Record<string, { from: JobStatus; to: JobStatus; guard: 'none' | 'lease' | 'silent' }>;

export type Transition = keyof typeof table;

/** After so long without a heartbeat a running job belongs to nobody. */
export const SILENT_SECONDS = 15;

export const JOB_CHANNEL = 'idsync_job';

export interface TransitionOptions {
  /** The lease the caller holds, for the guard `lease`; or the one it takes, for claim and takeOver. */
  lease?: string;
  hostName?: string;
  outcome?: string;
}

const guards = {
  none: '',
  lease: 'AND lease = $4',
  silent: `AND ("heartbeatAt" IS NULL OR "heartbeatAt" < now() - interval '${SILENT_SECONDS} seconds')`,
};

const changes = {
  claim: `lease = $4, "hostName" = $5, "startTime" = now(), "heartbeatAt" = now()`,
  takeOver: `lease = $4, "hostName" = $5, "heartbeatAt" = now(), "attemptNumber" = "attemptNumber" + 1`,
  release: `lease = NULL, "heartbeatAt" = NULL`,
  end: `lease = NULL, "heartbeatAt" = NULL, outcome = coalesce($6, outcome), "endTime" = now()`,
};

/** Makes a transition, all or nothing, and tells those who watch. Undefined when the job is not, or no longer, in a state that allows it. */
export async function makeTransition(
  db: Queryable,
  id: string,
  name: Transition,
  options: TransitionOptions = {},
): Promise<StoredJob | undefined> {
  const { from, to, guard } = table[name];
  const change = name === 'claim' || name === 'takeOver' || name === 'release' ? changes[name] : changes.end;
  const { rows } = await db.query<StoredJob>(
    `WITH given AS (SELECT $4::text AS lease, $5::text AS host, $6::text AS outcome)
     UPDATE job SET status = $3, "updateTime" = now(), ${change}
     WHERE id = $1 AND status = $2 ${guards[guard]} RETURNING *`,
    [id, from, to, options.lease ?? null, options.hostName ?? null, options.outcome ?? null],
  );
  const [job] = rows;
  if (job) await db.query('SELECT pg_notify($1, $2)', [JOB_CHANNEL, id]);
  return job;
}
