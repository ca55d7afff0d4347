import { expect, it } from 'vitest';
import { firstWindowStart, type Repetition } from './first-window.ts';

const start = new Date('2024-03-31T12:00:00.000Z');
const windowOf = (frequencyType: Repetition['frequencyType'], frequencyInterval: number) =>
  firstWindowStart(start, { frequencyType, frequencyInterval }).toISOString();

it('a first run reads the last 24 hours when it is run once, whatever its interval', () => {
  expect(windowOf('once', 7)).toBe('2024-03-30T12:00:00.000Z');
});

it('a first run reads one interval when it comes back; a month keeps to the days it has', () => {
  expect(windowOf('minute', 15)).toBe('2024-03-31T11:45:00.000Z');
  expect(windowOf('hour', 12)).toBe('2024-03-31T00:00:00.000Z');
  expect(windowOf('day', 2)).toBe('2024-03-29T12:00:00.000Z');
  expect(windowOf('week', 1)).toBe('2024-03-24T12:00:00.000Z');
  expect(windowOf('month', 1)).toBe('2024-02-29T12:00:00.000Z');
});
