import { expect, test } from 'vitest';
import { eachAtMost } from './each-at-most.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('calls for each item, in order, never more at a time than allowed', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await eachAtMost([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await turn();
    running--;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('after a failure begins nothing more, waits for what is under way, and throws the first', async () => {
  const ended: number[] = [];
  const call = async (item: number) => {
    await turn();
    if (item === 1) throw new Error('one');
    await turn();
    ended.push(item);
  };
  await expect(eachAtMost([1, 2, 3, 4], 2, call)).rejects.toThrow('one');
  expect(ended).toEqual([2]);
});
