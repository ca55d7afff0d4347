import { setTimeout as sleep } from 'node:timers/promises';
import type { JobSnapshot, TraceLine } from '@idsync/engine/dataflow';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import type { JobRecord } from './job-record.ts';
import type { RunOrder } from './prepare-run.ts';

/** How the watch over an engine process ended: with the job's last state, because the lease was lost, or because the worker leaves. */
export type Ending = { kind: 'ended'; snapshot: JobSnapshot } | { kind: 'lost' } | { kind: 'left' };

export interface Supervision {
  order: RunOrder;
  record: JobRecord;
  memoryMb: number;
  /** Raised when the worker shuts down. */
  leaving: AbortSignal;
}

const FLUSH_MS = 300;
/** Time a job has to stop by itself: it closes connections and removes partial files. */
const GRACE_MS = 10_000;

const nothingYet: JobSnapshot = { status: 'running', processedRecords: 0, totalRecords: undefined, steps: [], arrows: [], errors: [] };

/** Forks the engine process, writes down what it tells, passes a stop on to it, and says how it ended. The process is gone when this resolves. */
export async function superviseEngine({ order, record, memoryMb, leaving }: Supervision): Promise<Ending> {
  let last = nothingYet;
  let final: JobSnapshot | undefined;
  const engine = startEngineProcess({
    memoryMb,
    onMessage: (message) => {
      if (message.type === 'ready') engine.send(order);
      else if (message.type === 'trace') record.add(message.lines);
      else if (message.type === 'end') final = message.snapshot;
      else if (message.type === 'snapshot') {
        last = message.snapshot;
        record.update(last);
      }
    },
  });
  try {
    const { cut, stopped, why } = await watchEngine(engine, record, leaving);
    if (cut) return { kind: cut };
    if (final) return { kind: 'ended', snapshot: final };
    return { kind: 'ended', snapshot: stopped ? killedByForce(record, last) : failedWith(record, why, last) };
  } finally {
    engine.kill();
    await engine.ended;
  }
}

interface Watched {
  /** Set when the process was ended because the job is not, or no longer, this worker's to run. */
  cut?: 'lost' | 'left';
  stopped: boolean;
  why: string;
}

/** Writes and renews the lease several times a second until the process is gone. */
async function watchEngine(engine: EngineProcess, record: JobRecord, leaving: AbortSignal): Promise<Watched> {
  let stopSince: number | undefined;
  for (;;) {
    const why = await Promise.race([engine.ended, sleep(FLUSH_MS, undefined)]);
    if (why !== undefined) return { stopped: stopSince !== undefined, why };
    if (leaving.aborted) return { cut: 'left', stopped: false, why: '' };
    const state = await record.flush();
    if (state === 'lost') return { cut: 'lost', stopped: false, why: '' };
    if (state === 'stop-requested') {
      if (stopSince === undefined) engine.send({ type: 'stop' });
      stopSince ??= Date.now();
      if (Date.now() - stopSince > GRACE_MS) engine.kill();
    }
  }
}

/** The end of a job whose engine process could not tell it. */
export function failedWith(record: JobRecord, outcome: string, last = nothingYet): JobSnapshot {
  record.add([systemLine(outcome), systemLine('Job has failed.')]);
  return { ...last, status: 'failed', outcome };
}

function killedByForce(record: JobRecord, last: JobSnapshot): JobSnapshot {
  const outcome = `The job did not stop within ${GRACE_MS / 1000} seconds and was ended by force.`;
  record.add([systemLine(outcome)]);
  return { ...last, status: 'killed', outcome };
}

const systemLine = (message: string): TraceLine => ({ time: new Date().toISOString(), level: 'ERROR', step: 'System', message });
