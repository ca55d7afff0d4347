import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Log } from '../log.ts';
import { JOB_CHANNEL } from './transitions.ts';

const RECONNECT_MS = 1_000;
const ALL = Symbol('every job');

/** Something may have changed about one job since the last look. */
export interface JobTicks {
  /** Resolves at the next change; at once when one came since the last call. False when the signal was raised. */
  next(): Promise<boolean>;
  close(): void;
}

export interface JobEvents {
  watch(jobId: string, signal: AbortSignal): JobTicks;
  close(): Promise<void>;
}

/** Listens to what workers tell about jobs, on a connection of its own; when it breaks, it comes back and wakes everybody. */
export function openJobEvents(url: string, log: Log): JobEvents {
  const emitter = new EventEmitter().setMaxListeners(0);
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const retry = (error?: Error) => {
    if (closed || timer) return;
    if (error) log.warn({ fault: error.message }, 'The connection that listens for job events broke; it is opened again.');
    client?.end().catch(() => {});
    timer = setTimeout(() => {
      timer = undefined;
      void listen();
    }, RECONNECT_MS);
  };
  const listen = async () => {
    const own = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'idsync-events' });
    client = own;
    own.on('error', retry);
    own.on('end', () => retry());
    own.on('notification', ({ payload }) => payload && emitter.emit(payload));
    try {
      await own.connect();
      await own.query(`LISTEN ${JOB_CHANNEL}`);
      emitter.emit(ALL);
    } catch (error) {
      retry(error as Error);
    }
  };
  const opening = listen();
  return {
    watch: (jobId, signal) => watchOne(emitter, jobId, signal),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await opening;
      await client?.end().catch(() => {});
    },
  };
}

function watchOne(emitter: EventEmitter, jobId: string, signal: AbortSignal): JobTicks {
  let changed = false;
  let wake = () => {};
  const onChange = () => {
    changed = true;
    wake();
  };
  emitter.on(jobId, onChange).on(ALL, onChange);
  signal.addEventListener('abort', onChange, { once: true });
  return {
    next: async () => {
      if (!changed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      changed = false;
      return !signal.aborted;
    },
    close: () => {
      signal.removeEventListener('abort', onChange);
      emitter.off(jobId, onChange).off(ALL, onChange);
    },
  };
}
