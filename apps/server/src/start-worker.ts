import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';

const WORKER = fileURLToPath(new URL('./worker/main.ts', import.meta.url));
const RESTART_MS = 1_000;
const MOST_RESTARTS = 5;

export interface WorkerProcess {
  /** Resolves when the first one takes jobs. */
  ready: Promise<void>;
  /** Lets it hand its jobs back, and resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts the worker that belongs to this server, and again when it dies; `onGivenUp` after too many deaths. */
export function startWorker({ env, log, onGivenUp }: { env: NodeJS.ProcessEnv; log: Log; onGivenUp: () => void }): WorkerProcess {
  const ready = Promise.withResolvers<void>();
  let stopping = false;
  let restarts = 0;
  let child = start();

  function start() {
    const started = fork(WORKER, [], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    started.on('message', () => ready.resolve());
    started.once('exit', (code, signal) => {
      if (stopping) return;
      log.error({ code, signal }, 'The worker ended unexpectedly.');
      restarts += 1;
      if (restarts > MOST_RESTARTS) onGivenUp();
      else setTimeout(restart, RESTART_MS).unref();
    });
    return started;
  }
  function restart() {
    if (!stopping) child = start();
  }
  return {
    ready: ready.promise,
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}
