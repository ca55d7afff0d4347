import type { Env } from './env.ts';
import type { JobEvents } from './jobs/job-events.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import type { Log } from './log.ts';
import type { Database } from './storage/database.ts';
import type { SecretBox } from './storage/secret-box.ts';

/** What use cases work with; made once at start. */
export interface Services extends Pick<Database, 'prisma' | 'pool'> {
  queue: JobQueue;
  events: JobEvents;
  secrets: SecretBox;
  /** What dataflows may reach on this machine. */
  access: { folders: readonly string[]; addresses: readonly string[] };
  env: Pick<Env, 'dataFolder' | 'jobMemoryMb'>;
  log: Log;
}
