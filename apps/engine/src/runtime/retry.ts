import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, RetryableError } from '#dataflow';

export interface RetryPolicy {
  /** Tries after the first one. */
  retries: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

export const callRetries: RetryPolicy = { retries: 5, firstPauseMs: 500, longestPauseMs: 30_000 };

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
      await delay(pauseMs, undefined, { signal }).catch(() => {
        throw new CancelledError();
      });
    }
  }
}
