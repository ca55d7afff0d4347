import { describe, expect, it } from 'vitest';
import { formatDuration, spanMs } from './format-duration.ts';
import { countOf, formatCount, formatPercent, formatRate, formatShort } from './format-number.ts';
import { formatAgo, formatLocal, formatUtc, formatUtcClock } from './format-time.ts';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [999.7, '1.0 s'],
    [3_240, '3.2 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 0 s'],
    [252_000, '4 min 12 s'],
    [3_599_700, '1 h 00 min'],
    [7_500_000, '2 h 05 min'],
    [273_600_000, '3 d 4 h'],
    [-5, '0 ms'],
  ])('%d ms reads as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('of a running job goes up to now, of one that has not started there is none', () => {
    const now = Date.parse('2026-11-23T10:00:05Z');
    expect(spanMs({ startTime: '2026-11-23T10:00:00Z', endTime: null }, now)).toBe(5000);
    expect(spanMs({ startTime: '2026-11-23T10:00:00Z', endTime: '2026-11-23T10:00:01.500Z' }, now)).toBe(1500);
    expect(spanMs({ startTime: null, endTime: null }, now)).toBeUndefined();
  });

  it('are never negative when the clocks of two machines differ', () => {
    expect(spanMs({ startTime: '2026-11-23T10:00:00Z', endTime: null }, Date.parse('2026-11-23T09:59:58Z'))).toBe(0);
  });
});

describe('times', () => {
  it('are shown in UTC whatever zone they came in', () => {
    expect(formatUtc('2026-01-03T04:05:06Z')).toBe('3 Jan 2026, 04:05:06');
    expect(formatUtc('2026-01-03T01:05:06+02:00')).toBe('2 Jan 2026, 23:05:06');
    expect(formatUtcClock('2026-01-03T04:05:06.007Z', true)).toBe('04:05:06.007');
  });

  it('name the zone where the reader is', () => {
    expect(formatLocal('2026-11-23T15:45:32Z', 'Europe/Berlin')).toMatch(/Mon,? 23 Nov 2026.*16:45:32.*(CET|GMT\+1)/);
  });

  it.each([
    ['2026-11-23T09:59:30Z', 'just now'],
    ['2026-11-23T09:56:00Z', '4 min ago'],
    ['2026-11-23T07:59:00Z', '2 h ago'],
    ['2026-11-22T09:00:00Z', '1 day ago'],
    ['2026-11-20T09:00:00Z', '3 days ago'],
    ['2026-11-23T10:00:30Z', 'in a moment'],
    ['2026-11-23T12:30:00Z', 'in 2 h'],
  ])('%s is %s at ten', (iso, text) => expect(formatAgo(iso, Date.parse('2026-11-23T10:00:00Z'))).toBe(text));
});

describe('numbers', () => {
  it('keep all digits where there is room and few where there is none', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatShort(9_999)).toBe('9,999');
    expect(formatShort(1_234_567)).toBe('1.2M');
    expect(countOf(1, 'record')).toBe('1 record');
    expect(countOf(2000, 'record')).toBe('2,000 records');
  });

  it('show a rate with a decimal only when it is slow', () => {
    expect(formatRate(1240.4)).toBe('1,240/s');
    expect(formatRate(0.42)).toBe('0.4/s');
    expect(formatRate(0)).toBe('0/s');
  });

  it('never call a job done before it is', () => {
    expect(formatPercent(9_999, 10_000)).toBe('99 %');
    expect(formatPercent(1, 10_000)).toBe('1 %');
    expect(formatPercent(0, 10_000)).toBe('0 %');
    expect(formatPercent(10, 10)).toBe('100 %');
    expect(formatPercent(0, 0)).toBe('0 %');
  });
});
