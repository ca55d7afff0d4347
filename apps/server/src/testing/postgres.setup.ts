import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbedded } from '@idsync/prisma/embedded';
import { migrate } from '@idsync/prisma/migrate';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated, empty database that tests copy and never open themselves. */
    templateUrl: string;
  }
}

/** One real PostgreSQL for the whole run, in a folder that the account it runs under can enter. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'idsync-postgres-'));
  await chmod(folder, 0o755);
  const postgres = await startEmbedded(folder);
  await migrate(postgres.url);
  project.provide('templateUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
