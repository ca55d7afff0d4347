import { expect, test } from 'vitest';
import { FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry } from '#testing';
import { resumedRead } from './resumed-read.ts';

const lost = () => new RetryableError('The line is dead.', { code: 'connectionFailed' });
const policy = { retries: 2, firstPauseMs: 1, longestPauseMs: 1 };
const bytes = Buffer.from('abcdefghij');

/** Gives `pieces` bytes at a time and fails after each call's share. */
function reading(shares: (number | Error)[]) {
  const log: LogEntry[] = [];
  const context = fakeContext({ log });
  const from = async function* (position: number) {
    const share = shares.shift() ?? bytes.length;
    if (share instanceof Error) throw share;
    for (let at = position; at < Math.min(position + share, bytes.length); at++) yield bytes.subarray(at, at + 1);
    if (position + share < bytes.length) throw lost();
  };
  return { log, chunks: resumedRead({ path: 'x', from, signal: context.signal, log: context.log, policy }) };
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

test('what is lost on the way is read on behind the last byte, as often as bytes come', async () => {
  const { chunks, log } = reading([1, lost(), 2, 3, lost(), 1]);
  expect(await textOf(chunks)).toBe('abcdefghij');
  expect(log.map(({ message }) => /from byte \d+/.exec(message)?.[0])).toEqual([1, 1, 3, 6, 6, 7].map((at) => `from byte ${at}`));
});

test('tries without a byte between them come to an end', async () => {
  await expect(textOf(reading([3, lost(), lost(), lost(), 9]).chunks)).rejects.toThrow('The line is dead.');
});

test('a refusal is not repeated', async () => {
  await expect(textOf(reading([3, new FatalError('No.', { code: 'notAllowed' })]).chunks)).rejects.toThrow('No.');
});
