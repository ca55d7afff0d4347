import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { runPrisma } from './run-prisma.ts';

/** Brings the database up to the committed migrations; creates it when it is missing. Quick when there is nothing to do. */
export async function migrate(url: string): Promise<void> {
  if (await isUpToDate(url)) return;
  await runPrisma(['migrate', 'deploy'], { DATABASE_URL: url });
}

async function isUpToDate(url: string): Promise<boolean> {
  const folders = await readdir(new URL('./migrations', import.meta.url), { withFileTypes: true });
  const wanted = folders.filter((folder) => folder.isDirectory()).map((folder) => folder.name);
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    const applied = new Set(rows.map((row) => row.name));
    return wanted.every((name) => applied.has(name));
  } catch {
    // No database or no table yet: Prisma makes both, and tells what is wrong when it is something else.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
