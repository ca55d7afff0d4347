import { setTimeout as pause } from 'node:timers/promises';
import { CancelledError, RetryableError, type StepLog } from '#dataflow';

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Repeats a read that failed with a RetryableError, with doubling pauses and jitter or after the pause the other side
 * asked for. For reads only: the engine itself repeats the calls of writers and lookups.
 */
export async function retried<T>(
  call: () => Promise<T>,
  { signal, log, retries = 12 }: { signal: AbortSignal; log: StepLog; retries?: number },
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof RetryableError) || tries === retries) throw thrown;
      const doubling = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
      const pauseMs = Math.round(thrown.retryAfterMs ?? doubling * (0.5 + Math.random() / 2));
      log.warn(`${thrown.message} Trying again in ${pauseMs} ms.`, thrown.details);
      await pause(pauseMs, undefined, { signal }).catch(() => {
        throw new CancelledError();
      });
    }
  }
}
