import type { Env } from './env.ts';
import { openJobEvents } from './jobs/job-events.ts';
import { openJobQueue } from './jobs/job-queue.ts';
import type { Log } from './log.ts';
import type { Services } from './services.ts';
import { openDatabase } from './storage/database.ts';
import { openSecretBox } from './storage/secret-box.ts';
import { readSecretKey } from './storage/secret-key.ts';

/** Opens everything the use cases need on a migrated database. */
export async function openServices(env: Env, url: string, log: Log): Promise<{ services: Services; close(): Promise<void> }> {
  const database = openDatabase(url);
  const secrets = openSecretBox(await readSecretKey(env));
  const queue = await openJobQueue(url, log);
  const events = openJobEvents(url, log);
  const access = { folders: env.allowedFolders, addresses: env.allowedAddresses };
  return {
    services: { prisma: database.prisma, pool: database.pool, queue, events, secrets, access, env, log },
    close: async () => {
      await queue.stop();
      await events.close();
      await database.close();
    },
  };
}
