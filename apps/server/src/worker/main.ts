import { startEmbedded } from '@idsync/prisma/embedded';
import { readEnv } from '../env.ts';
import { openJobQueue } from '../jobs/job-queue.ts';
import { createLog } from '../log.ts';
import { openDatabase } from '../storage/database.ts';
import { openSecretBox } from '../storage/secret-box.ts';
import { readSecretKey } from '../storage/secret-key.ts';
import { runJob } from './run-job.ts';

/**
 * A worker: takes jobs from the queue until it is told to end. The server starts one of its own; more of them, on this or
 * other machines, need only the same DATABASE_URL, key and settings: `npm run worker`.
 */
const env = readEnv(process.env);
const log = createLog(env.logLevel, 'worker');
const url = env.databaseUrl ?? (await startEmbedded(env.dataFolder)).url;
const { prisma, pool, close } = openDatabase(url, { max: env.workerJobs * 2 + 2 });
const secrets = openSecretBox(await readSecretKey(env));
const queue = await openJobQueue(url, log);
const access = { folders: env.allowedFolders, addresses: env.allowedAddresses };
const leaving = new AbortController();

const services = { prisma, pool, secrets, access, env, log };
await queue.work(env.workerJobs, (jobId) => runJob(services, jobId, leaving.signal));
log.info({ jobs: env.workerJobs }, 'Worker ready.');
process.send?.({ type: 'ready' });

async function leave(): Promise<void> {
  if (leaving.signal.aborted) return;
  log.info('Worker ends; its jobs are handed out again.');
  leaving.abort();
  await queue.stop();
  await close();
  process.exit(0);
}
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
// Started by a server that died: no orphan goes on taking jobs.
process.once('disconnect', leave);
