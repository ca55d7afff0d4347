import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

export type Client = PrismaClient;

/** A client for the metadata tables. Job and trace rows go through `pg` directly. Close it with `$disconnect()`. */
export const createClient = (url: string): Client => new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 5 }) });
