import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frequencyTypes, timeAfter } from './next-time.ts';

const times = (frequencyType: (typeof frequencyTypes)[number], frequencyInterval: number, start: string, count: number): string[] => {
  const startTime = new Date(start);
  const found: string[] = [];
  let last = new Date(startTime.getTime() - 1);
  for (let i = 0; i < count; i += 1) {
    const next = timeAfter({ frequencyType, frequencyInterval, startTime }, last);
    if (!next) break;
    found.push(next.toISOString().slice(0, 16));
    last = next;
  }
  return found;
};

it('comes once, or every so many units', () => {
  expect(times('once', 1, '2026-01-31T02:00Z', 3)).toEqual(['2026-01-31T02:00']);
  expect(times('hour', 12, '2026-01-31T02:00Z', 3)).toEqual(['2026-01-31T02:00', '2026-01-31T14:00', '2026-02-01T02:00']);
  expect(times('week', 1, '2026-01-31T02:00Z', 2)).toEqual(['2026-01-31T02:00', '2026-02-07T02:00']);
});

it('takes the last day of a shorter month, and has the day again in the next', () => {
  expect(times('month', 1, '2028-01-31T02:00Z', 5)).toEqual([
    '2028-01-31T02:00',
    '2028-02-29T02:00',
    '2028-03-31T02:00',
    '2028-04-30T02:00',
    '2028-05-31T02:00',
  ]);
});

it('keeps the same hour of UTC when clocks change', () => {
  expect(times('day', 1, '2026-03-28T01:30Z', 3)).toEqual(['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T01:30']);
});

const instant = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
const repeating = fc.constantFrom(...frequencyTypes.filter((one) => one !== 'once'));

it('is always later, and none lies between two times that follow each other', () => {
  fc.assert(
    fc.property(repeating, fc.integer({ min: 1, max: 500 }), instant, instant, (frequencyType, frequencyInterval, startTime, after) => {
      const frequency = { frequencyType, frequencyInterval, startTime };
      const next = timeAfter(frequency, after);
      if (!next) throw new Error('a repeating schedule always has a next time');
      expect(next > after).toBe(true);
      expect(timeAfter(frequency, new Date(next.getTime() - 1))).toEqual(next);
      const middle = new Date((after.getTime() + next.getTime()) / 2);
      if (middle < next) expect(timeAfter(frequency, middle)).toEqual(next);
    }),
  );
});

it('is in a month the day of the first time or the month’s last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), instant, instant, (frequencyInterval, startTime, after) => {
      const next = timeAfter({ frequencyType: 'month', frequencyInterval, startTime }, after) ?? startTime;
      const lastDay = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
      expect(next.getUTCDate()).toBe(Math.min(startTime.getUTCDate(), lastDay));
      expect(next.getTime() % 86_400_000).toBe(startTime.getTime() % 86_400_000);
    }),
  );
});
