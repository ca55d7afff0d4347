import { isIP } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );
function isAddressRule(rule: string): boolean {
  const [address = '', prefix, ...rest] = rule.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits));
}

const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((text) => text === '1' || text === 'true');

/** Everything an operator can set. Start in the repository's README explains the few that matter. */
const settings = z.object({
  /** Port of the studio; 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  /** The address people use when a proxy stands in front, e.g. `https://sync.example.com`. Makes cookies secure when it is https. */
  IDSYNC_PUBLIC_URL: z.url().optional(),
  /** PostgreSQL to use in place of the embedded one. */
  DATABASE_URL: z.string().min(1).optional(),
  /** Folder of everything that must outlive a restart. */
  IDSYNC_DATA: z
    .string()
    .default(path.join(repository, '.data'))
    .transform((folder) => path.resolve(folder)),
  /** 32 bytes as base64 or hex. Without it a key file is made in the data folder. */
  IDSYNC_SECRET_KEY: z.string().min(1).optional(),
  /** Folders dataflows may read and write, comma separated. */
  IDSYNC_ALLOWED_FOLDERS: list,
  /** Private addresses or ranges dataflows may reach, comma separated. */
  IDSYNC_ALLOWED_ADDRESSES: list.refine(
    (rules) => rules.every(isAddressRule),
    'addresses or ranges such as 10.1.2.3, 10.0.0.0/8 or fd00::/8; no host names',
  ),
  /** Password of admin@example.com at first start; a random one otherwise. */
  IDSYNC_ADMIN_PASSWORD: z.string().min(8).optional(),
  /** Seeds the demo site and its dataflows. */
  IDSYNC_DEMO: flag,
  /** Where the sandbox listens, as the JSON line it prints; needed with IDSYNC_DEMO. */
  IDSYNC_SANDBOX: z.string().optional(),
  /** Whether the server starts a worker of its own. */
  IDSYNC_WORKER: flag.prefault('1'),
  /** Jobs one worker runs at a time. */
  IDSYNC_WORKER_JOBS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(Math.max(2, Math.min(4, os.availableParallelism()))),
  /** Heap of one job's engine process, in MB. */
  IDSYNC_JOB_MEMORY_MB: z.coerce.number().int().min(64).default(512),
  IDSYNC_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export interface Env {
  port: number;
  host: string;
  publicUrl: string | undefined;
  databaseUrl: string | undefined;
  dataFolder: string;
  secretKey: string | undefined;
  allowedFolders: string[];
  allowedAddresses: string[];
  adminPassword: string | undefined;
  demo: boolean;
  sandbox: string | undefined;
  startsWorker: boolean;
  workerJobs: number;
  jobMemoryMb: number;
  logLevel: string;
  /** The built studio. */
  webFolder: string;
}

/** Reads the operator's settings; throws one sentence for each that makes no sense. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const read = settings.safeParse(set);
  if (!read.success) {
    throw new Error(read.error.issues.map((issue) => `Environment variable ${issue.path.join('.')}: ${issue.message}.`).join('\n'));
  }
  const values = read.data;
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.IDSYNC_PUBLIC_URL,
    databaseUrl: values.DATABASE_URL,
    dataFolder: values.IDSYNC_DATA,
    secretKey: values.IDSYNC_SECRET_KEY,
    allowedFolders: values.IDSYNC_ALLOWED_FOLDERS.map((folder) => path.resolve(folder)),
    allowedAddresses: values.IDSYNC_ALLOWED_ADDRESSES,
    adminPassword: values.IDSYNC_ADMIN_PASSWORD,
    demo: values.IDSYNC_DEMO,
    sandbox: values.IDSYNC_SANDBOX,
    startsWorker: values.IDSYNC_WORKER,
    workerJobs: values.IDSYNC_WORKER_JOBS,
    jobMemoryMb: values.IDSYNC_JOB_MEMORY_MB,
    logLevel: values.IDSYNC_LOG_LEVEL,
    webFolder: path.join(repository, 'apps/web/dist'),
  };
}
