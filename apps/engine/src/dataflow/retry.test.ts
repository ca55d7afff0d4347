import { describe, expect, it } from 'vitest';
import { CancelledError, FatalError, RetryableError } from './errors.ts';
import { withRetries } from './retry.ts';

const quick = { retries: 2, firstPauseMs: 1, longestPauseMs: 2 };
const busy = (retryAfterMs?: number) =>
  new RetryableError('busy', { code: 403048, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

describe('retries', () => {
  it('repeat a call that may be repeated, after the pause the other side asked for', async () => {
    const pauses: number[] = [];
    let calls = 0;
    const call = async () => {
      if (++calls < 3) throw busy(calls);
      return 'done';
    };
    expect(await withRetries(call, { signal: new AbortController().signal, policy: quick, onRetry: (_, ms) => pauses.push(ms) })).toBe(
      'done',
    );
    expect(pauses).toEqual([1, 2]);
  });

  it('give up after the allowed tries, and at once on any other error', async () => {
    let calls = 0;
    const always = async () => {
      calls++;
      throw busy();
    };
    await expect(withRetries(always, { signal: new AbortController().signal, policy: quick, onRetry: () => {} })).rejects.toThrow('busy');
    expect(calls).toBe(3);
    const fatal = async () => {
      calls++;
      throw new FatalError('gone', { code: 'connectionFailed' });
    };
    await expect(withRetries(fatal, { signal: new AbortController().signal, policy: quick, onRetry: () => {} })).rejects.toThrow('gone');
    expect(calls).toBe(4);
  });

  it('end a pause when the job is stopped', async () => {
    const stop = new AbortController();
    const call = async () => {
      throw busy(60_000);
    };
    await expect(withRetries(call, { signal: stop.signal, onRetry: () => stop.abort() })).rejects.toBeInstanceOf(CancelledError);
  });
});
