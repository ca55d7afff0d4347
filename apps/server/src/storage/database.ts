import { type Client, createClient } from '@idsync/prisma/client';
import pg from 'pg';

export type Pool = pg.Pool;
/** A pool, or one connection of it inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface Database {
  url: string;
  /** Metadata: users, sites, dataflows. */
  prisma: Client;
  /** Jobs and traces. */
  pool: Pool;
  close(): Promise<void>;
}

const INT8 = 20;

/** Counts are far below 2^53, so bigint columns come as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
};

export function openDatabase(url: string, { max = 10 }: { max?: number } = {}): Database {
  const prisma = createClient(url);
  const pool = new pg.Pool({ connectionString: url, max, types });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  return {
    url,
    prisma,
    pool,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Runs `work` in one transaction; rolls back and rethrows when it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
