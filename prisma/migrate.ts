import { runPrisma } from './run-prisma.ts';

/** Brings the database up to the committed migrations; creates it when it is missing. */
export async function migrate(url: string): Promise<void> {
  await runPrisma(['migrate', 'deploy'], { DATABASE_URL: url });
}
