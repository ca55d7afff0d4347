import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromRunner, ToRunner } from './messages.ts';

const RUNNER = fileURLToPath(new URL('./runner.ts', import.meta.url));
const STDERR_TAIL = 4_000;

export interface EngineProcess {
  send(message: ToRunner): void;
  /** Ends it at once; `ended` tells when it is gone. */
  kill(): void;
  /** Resolves when the process is gone, with why in words for the person who waits for the job. */
  ended: Promise<string>;
}

/** Forks the engine process of one job. It gets no environment of ours: what it may know comes in its first message. */
export function startEngineProcess({ memoryMb, onMessage }: { memoryMb: number; onMessage: (message: FromRunner) => void }): EngineProcess {
  const child = fork(RUNNER, [], {
    execArgv: [`--max-old-space-size=${memoryMb}`, '--disable-warning=ExperimentalWarning'],
    env: { TZ: 'UTC', NODE_ENV: 'production' },
    // A process group of its own: Ctrl-C in a terminal reaches the worker, which hands the job on, and not the job.
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.on('message', onMessage);
  return {
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended: whyItEnded(child, memoryMb),
  };
}

function whyItEnded(child: ChildProcess, memoryMb: number): Promise<string> {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`The engine process could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (/heap out of memory|heap limit/i.test(tail)) {
        resolve(
          `The engine process ran out of memory (${memoryMb} MB). Raise IDSYNC_JOB_MEMORY_MB, or make the records of this dataflow smaller.`,
        );
      } else if (signal) resolve(`The engine process was ended from outside (${signal}). Run the dataflow again.`);
      else resolve(`The engine process ended unexpectedly (code ${code}). Run the dataflow again; if it happens again, report it.`);
    });
  });
}
