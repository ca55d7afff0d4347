import type { StepLog } from './component.ts';
import { CancelledError, RetryableError } from './errors.ts';

export interface RetryPolicy {
  /** Tries after the first one. */
  retries: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

/** For the calls of writers and lookups, and for opening a connection. */
export const callRetries: RetryPolicy = { retries: 5, firstPauseMs: 500, longestPauseMs: 30_000 };

/** For reads, which may always be made again: more patient, because a reader that gives up fails the whole job. */
export const readRetries: RetryPolicy = { retries: 12, firstPauseMs: 300, longestPauseMs: 10_000 };

/**
 * Makes a call, and again when it failed with a RetryableError: after the pause the other side asked for, else with
 * doubling pauses and jitter. Other errors, and the last retryable one, go through.
 */
export async function withRetries<T>(
  call: () => Promise<T>,
  {
    signal,
    policy = callRetries,
    onRetry,
  }: { signal: AbortSignal; policy?: RetryPolicy; onRetry: (error: RetryableError, pauseMs: number) => void },
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof RetryableError) || tries === policy.retries || signal.aborted) throw thrown;
      const doubling = Math.min(policy.firstPauseMs * 2 ** tries, policy.longestPauseMs);
      const pauseMs = Math.round(thrown.retryAfterMs ?? doubling * (0.5 + Math.random() / 2));
      onRetry(thrown, pauseMs);
      await pause(pauseMs, signal);
    }
  }
}

/** Waits. Throws CancelledError at once when the signal is raised. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new CancelledError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Tells each new try in the trace of a step. */
export const tellRetry =
  (log: StepLog) =>
  (error: RetryableError, pauseMs: number): void =>
    log.warn(`${error.message} Trying again in ${pauseMs} ms.`, error.details);

/** A read, repeated patiently and told in the step's trace. */
export const retriedRead = <T>(call: () => Promise<T>, { signal, log }: { signal: AbortSignal; log: StepLog }): Promise<T> =>
  withRetries(call, { signal, policy: readRetries, onRetry: tellRetry(log) });
