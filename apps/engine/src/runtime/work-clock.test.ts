import { describe, expect, it } from 'vitest';
import { WorkClock } from './work-clock.ts';

/** Lets the given time pass on the clock the work is measured by. */
const spend = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

async function* slowItems(ms: number) {
  for (const item of [1, 2]) {
    spend(ms);
    yield item;
  }
}

describe('the work clock', () => {
  it('counts what the answers take and leaves out what the input takes', async () => {
    const clock = new WorkClock();
    async function* step(input: AsyncIterable<number>) {
      for await (const item of input) {
        spend(5);
        yield item;
      }
    }
    for await (const _ of clock.working(step(clock.waiting(slowItems(30))))) spend(20);
    expect(clock.workMs).toBeGreaterThanOrEqual(10);
    expect(clock.workMs).toBeLessThan(40);
  });

  it('counts an open span up to now and is never negative', () => {
    const clock = new WorkClock();
    const endWork = clock.begin();
    const endWait = clock.begin(-1);
    spend(5);
    expect(clock.workMs).toBeLessThan(3);
    endWait();
    spend(5);
    expect(clock.workMs).toBeGreaterThanOrEqual(5);
    endWork();
    const stopped = clock.workMs;
    spend(2);
    expect(clock.workMs).toBe(stopped);
  });
});
