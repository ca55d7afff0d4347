import { expect, test } from 'vitest';
import { latestListTime } from './list-time.ts';

const now = Date.UTC(2024, 2, 10, 12);
const latest = (text: string) => {
  const ms = latestListTime(text, now);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

test.each([
  ['Mar 01 18:34', '2024-03-02T06:34:59.999Z'],
  ['Dec 31 23:59', '2024-01-01T11:59:59.999Z'],
  ['Mar 01 2023', '2023-03-02T11:59:59.999Z'],
  ['2024-03-01 18:34', '2024-03-02T06:34:59.999Z'],
  ['03-01-24 06:34PM', '2024-03-02T06:34:59.999Z'],
  ['03-01-2024 12:34AM', '2024-03-01T12:34:59.999Z'],
  ['3月 1日 18:34', undefined],
  ['', undefined],
])('the listed time %s is no later than %s', (text, expected) => {
  expect(latest(text)).toBe(expected);
});
