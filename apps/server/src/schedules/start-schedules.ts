import { setTimeout as wait } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { fireDue } from './fire-due.ts';

const LOOK_MS = 1_000;

/** Fires schedules from now on; every server may do so. `stop` resolves when none is in hand any more. */
export function startSchedules(services: Services): { stop(): Promise<void> } {
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      await fireDue(services, { now: new Date() }).catch((error: Error) => {
        services.log.error({ fault: error.stack }, 'Schedules could not be fired; they are looked at again.');
      });
      await wait(LOOK_MS, undefined, { signal: ending.signal }).catch(() => {});
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}
