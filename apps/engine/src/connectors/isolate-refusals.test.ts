import { describe, expect, it } from 'vitest';
import { type DataRecord, FatalError, RecordError, RetryableError } from '#dataflow';
import { fakeContext } from '#testing';
import { isolateRefusals } from './isolate-refusals.ts';

const numbered = (count: number): DataRecord[] => Array.from({ length: count }, (_, n) => ({ n }));

/** A target that refuses a whole call when one of its records is bad. */
function target(bad: readonly number[]) {
  const calls: number[][] = [];
  const send = async (records: DataRecord[]) => {
    const numbers = records.map(({ n }) => Number(n));
    calls.push(numbers);
    if (numbers.some((n) => bad.includes(n))) throw new RecordError('One of them is bad.', { code: 4711 });
    return numbers.length;
  };
  return { calls, send };
}

describe('isolating refused records', () => {
  it('takes one call when none is refused', async () => {
    const { calls, send } = target([]);
    const parts = await isolateRefusals(numbered(100), send, fakeContext());
    expect(parts).toEqual([{ records: numbered(100), answer: 100 }]);
    expect(calls).toHaveLength(1);
  });

  it.each([0, 1, 17, 63, 99])(
    'finds the bad record %i among 100 in at most 2·log2(n)+1 calls and delivers all others in order',
    async (bad) => {
      const { calls, send } = target([bad]);
      const rejected: DataRecord[] = [];
      const parts = await isolateRefusals(numbered(100), send, fakeContext({ rejected }));
      expect(rejected).toEqual([{ n: bad, _errorDetails: { errorCode: 4711, errorMessage: 'One of them is bad.' } }]);
      expect(parts.flatMap(({ records }) => records.map(({ n }) => n))).toEqual(
        numbered(100)
          .map(({ n }) => n)
          .filter((n) => n !== bad),
      );
      expect(calls.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(100)) + 1);
    },
  );

  it('rejects every record of a call in which all are bad', async () => {
    const rejected: DataRecord[] = [];
    expect(await isolateRefusals(numbered(5), target([0, 1, 2, 3, 4]).send, fakeContext({ rejected }))).toEqual([]);
    expect(rejected.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  it('repeats a part that failed for a passing reason, and only that part', async () => {
    const { calls, send } = target([3]);
    let busy = 1;
    const parts = await isolateRefusals(
      numbered(4),
      async (records) => {
        if (records.length === 2 && records[0]?.n === 2 && busy-- > 0)
          throw new RetryableError('Busy.', { code: 'targetRefused', retryAfterMs: 1 });
        return send(records);
      },
      fakeContext(),
    );
    expect(parts.flatMap(({ records }) => records)).toEqual(numbered(3));
    expect(calls).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [2], [3]]);
  });

  it('leaves a passing fault to the runtime while nothing is settled', async () => {
    const away = () => Promise.reject(new RetryableError('Away.', { code: 'connectionFailed' }));
    await expect(isolateRefusals(numbered(2), away, fakeContext())).rejects.toBeInstanceOf(RetryableError);
  });

  it('fails the job when the target goes away half way, and does not ask the runtime to repeat what was delivered', async () => {
    const { send } = target([0]);
    const away = async (records: DataRecord[]) => {
      if (records[0]?.n === 1) throw new RetryableError('Away.', { code: 'connectionFailed', retryAfterMs: 0 });
      return send(records);
    };
    const failing = isolateRefusals(numbered(2), away, fakeContext());
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow('Away. It was tried again');
  });

  it('hands every other failure on', async () => {
    const broken = isolateRefusals(
      numbered(2),
      () => Promise.reject(new FatalError('No.', { code: 'authenticationFailed' })),
      fakeContext(),
    );
    await expect(broken).rejects.toThrow('No.');
  });
});
