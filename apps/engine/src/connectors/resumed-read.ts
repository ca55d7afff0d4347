import { pause, RetryableError, type RetryPolicy, readRetries, type StepLog } from '#dataflow';

export interface ResumableRead {
  /** What is read, for the trace. */
  path: string;
  /** The bytes from a position on. Called again after a RetryableError; it must make sure that the file is still the same. */
  from(position: number): AsyncIterable<Uint8Array>;
  signal: AbortSignal;
  log: StepLog;
  policy?: RetryPolicy;
}

/** The bytes of a remote file. When the connection is lost, reading goes on behind the last byte that came; tries count anew after every byte. */
export async function* resumedRead({
  path,
  from,
  signal,
  log,
  policy = readRetries,
}: ResumableRead): AsyncGenerator<Uint8Array, void, void> {
  let position = 0;
  for (let tries = 0; ; tries++) {
    try {
      for await (const chunk of from(position)) {
        position += chunk.length;
        tries = 0;
        yield chunk;
      }
      return;
    } catch (thrown) {
      if (!(thrown instanceof RetryableError) || tries === policy.retries || signal.aborted) throw thrown;
      const doubling = Math.min(policy.firstPauseMs * 2 ** tries, policy.longestPauseMs);
      const pauseMs = Math.round(thrown.retryAfterMs ?? doubling * (0.5 + Math.random() / 2));
      log.warn(`${thrown.message} ${path} is read on from byte ${position} in ${pauseMs} ms.`, thrown.details);
      await pause(pauseMs, signal);
    }
  }
}
