import { describe, expect, it } from 'vitest';
import { compileDateFormat } from '#dataflow';
import { instantCases, writeCases } from '../fixtures/date-cases.ts';
import java from '../fixtures/java-dates.json' with { type: 'json' };
import { compileDateReader, epochReader, isoReader } from './date-reader.ts';
import { instantOf, utcMs, zoneOf } from './zone.ts';

const utc = zoneOf('UTC');
const read = (pattern: string, text: string, zone = utc) => {
  const instant = compileDateReader(pattern, { zone, thisYear: 2024 })(text);
  return instant === undefined || Number.isNaN(instant) ? undefined : new Date(instant).toISOString();
};

describe('dates of Java', () => {
  it('are written as java.time writes them', () => {
    const ours = writeCases.map(({ pattern, zone, instantMs }) =>
      compileDateFormat(pattern)(new Date(instantMs), zoneOf(zone).offsetMinutes(instantMs)),
    );
    expect(ours).toEqual(java.written);
    expect(ours.length).toBeGreaterThan(1000);
  });

  it('are read back to the instant they were written from, as far as the pattern tells it', () => {
    for (const [i, { pattern, zone, instantMs }] of writeCases.entries()) {
      const text = java.written[i] ?? '';
      const instant = compileDateReader(pattern, { zone: zoneOf(zone), thisYear: 2024 })(text) ?? Number.NaN;
      expect(compileDateFormat(pattern)(new Date(instant), zoneOf(zone).offsetMinutes(instant)), `${pattern} ${zone}`).toBe(text);
      if (pattern.includes('SSSX')) expect(instant).toBe(instantMs);
    }
  });

  it('mean the instants java.time takes for local times that are shown twice or never', () => {
    const ours = instantCases.map(({ local, zone }) => instantOf(Date.parse(`${local}Z`), zoneOf(zone)));
    expect(ours.map((instant) => new Date(instant).toISOString())).toEqual(java.instants.map((instant) => new Date(instant).toISOString()));
  });
});

describe('reading', () => {
  it.each([
    ['dd.MM.yyyy', '29.02.2024', '2024-02-29T00:00:00.000Z'],
    ['dd.MM.yyyy', '9.2.2024', '2024-02-09T00:00:00.000Z'],
    ['dd.MM.yyyy', '30.02.2024', undefined],
    ['dd.MM.yyyy', '31.12.24', undefined],
    ['dd.MM.yyyy', '1.13.2024', undefined],
    ['dd.MM.yyyy', '01.01.2024 ', undefined],
    ['yyyyMMdd', '20240229', '2024-02-29T00:00:00.000Z'],
    ['yyyyMMdd', '2024229', undefined],
    ['d/M/yy', '1/2/44', '2044-02-01T00:00:00.000Z'],
    ['d/M/yy', '1/2/45', '1945-02-01T00:00:00.000Z'],
    ['MMM d, yyyy h:mm a', 'feb 9, 2024 12:05 am', '2024-02-09T00:05:00.000Z'],
    ['MMM d, yyyy h:mm a', 'February 9, 2024 12:05 PM', '2024-02-09T12:05:00.000Z'],
    ['h a', '13 PM', undefined],
    ['yyyy-MM-dd HH:mm z', '2024-02-29 10:00 GMT+2', '2024-02-29T08:00:00.000Z'],
    ['yyyy-MM-dd HH:mm z', '2024-02-29 10:00 CET', undefined],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", '2024-02-29T10:00:00-05:30', '2024-02-29T15:30:00.000Z'],
    ['yyyy-MM-dd HH:mm:ss', '2024-02-29 24:00:00', undefined],
    ['yyyy-DDD', '2024-060', '2024-02-29T00:00:00.000Z'],
    ['yyyy-DDD', '2023-366', undefined],
    ['(yyyy)', '(2024)', '2024-01-01T00:00:00.000Z'],
  ])('%s: %s', (pattern, text, instant) => {
    expect(read(pattern, text)).toBe(instant);
  });

  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-02-29T12:34', '2024-02-29T12:34:00.000Z'],
    ['2024-02-29 12:34:56', '2024-02-29T12:34:56.000Z'],
    ['2024-02-29T12:34:56.789123Z', '2024-02-29T12:34:56.789Z'],
    ['2024-02-29T12:34:56,5+0200', '2024-02-29T10:34:56.500Z'],
    ['2024-02-29T12:34:56+02', '2024-02-29T10:34:56.000Z'],
    ['2024-02-30', undefined],
    ['2024-2-9', undefined],
    ['29.02.2024', undefined],
    ['', undefined],
  ])('iso: %s', (text, instant) => {
    const found = isoReader(utc)(text);
    expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(instant);
  });

  it('takes numbers since 1970', () => {
    expect([epochReader(1000)('1709210096.5'), epochReader(1)('-1'), epochReader(1)('1e3'), epochReader(1000)('9999999999999999')]).toEqual(
      [1709210096500, -1, undefined, undefined],
    );
  });

  it('ends at once on long texts', () => {
    expect(read('MMMM d, yyyy', 'January '.repeat(100_000))).toBeUndefined();
    expect(isoReader(utc)(`2024-02-29T${'1'.repeat(1_000_000)}`)).toBeUndefined();
  });
});

describe('zones', () => {
  it.each(['Mars/Phobos', '+25:00', 'GMT+', '+1:99', ''])('%s is none', (name) => {
    expect(() => zoneOf(name)).toThrow(/is not a time zone\. Use a name such as Europe\/Berlin/);
  });

  it('count years before 100 as they are', () => {
    expect(new Date(utcMs([24, 2, 29], [0, 0, 0])).toISOString()).toBe('0024-02-29T00:00:00.000Z');
  });
});
