import { PgBoss } from 'pg-boss';
import type { Log } from '../log.ts';
import type { Queryable } from '../storage/database.ts';

const QUEUE = 'jobs';
/** Longest a job may take; its heart tells much sooner when its worker died. */
const LONGEST_RUN_SECONDS = 23 * 3600;

export interface JobQueue {
  /** Puts a job into the queue, within the transaction that inserts its row. */
  add(db: Queryable, jobId: string): Promise<void>;
  /**
   * Hands waiting jobs to `handle`, `concurrency` at a time. When `handle` rejects or this process dies, the job is handed
   * out again, here or to another worker.
   */
  work(concurrency: number, handle: (jobId: string) => Promise<void>): Promise<void>;
  /** Takes no more jobs and waits for the ones in hand. */
  stop(): Promise<void>;
}

/** The queue in the same database, so that a job and its place in the queue are one commit. */
export async function openJobQueue(url: string, log: Log): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: url,
    max: 4,
    application_name: 'idsync-queue',
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (error) => log.error({ fault: error.message }, 'The job queue reports a fault.'));
  await boss.start();
  await boss.createQueue(QUEUE, {
    notify: true,
    heartbeatSeconds: 10,
    expireInSeconds: LONGEST_RUN_SECONDS,
    retryLimit: 20,
    retryDelay: 1,
  });
  return {
    add: async (db, jobId) => {
      await boss.send(QUEUE, { jobId }, { db: { executeSql: (text, values) => db.query(text, values) } });
    },
    work: async (concurrency, handle) => {
      await boss.work<{ jobId: string }>(
        QUEUE,
        {
          localConcurrency: concurrency,
          batchSize: 1,
          // After a job the next at once; jobs handed out again come without a notice, so the queue is looked at all the same.
          burstWhenBatchFull: true,
          pollingIntervalSeconds: 1,
          notifyPollingIntervalSeconds: 1,
          heartbeatRefreshSeconds: 3,
        },
        async ([entry]) => {
          if (entry) await handle(entry.data.jobId);
        },
      );
    },
    stop: () => boss.stop({ graceful: true, timeout: 30_000 }),
  };
}
