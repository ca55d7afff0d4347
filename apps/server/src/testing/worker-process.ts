import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestServer } from './test-server.ts';

const MAIN = fileURLToPath(new URL('../worker/main.ts', import.meta.url));

/** A real worker process on the test server's database, ready to take jobs. */
export async function startWorkerProcess(server: TestServer): Promise<ChildProcess> {
  const { env, databaseUrl } = server;
  const child = fork(MAIN, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      IDSYNC_DATA: env.dataFolder,
      IDSYNC_ALLOWED_FOLDERS: env.allowedFolders.join(','),
      IDSYNC_ALLOWED_ADDRESSES: env.allowedAddresses.join(','),
      IDSYNC_LOG_LEVEL: 'error',
    },
  });
  await once(child, 'message');
  return child;
}

export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** Ids of the engine processes a worker has forked. */
export async function runnersOf(worker: ChildProcess): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, parent, ...args]) => Number(parent) === worker.pid && args.join(' ').includes('runner.ts'))
    .map(([pid]) => Number(pid));
}
