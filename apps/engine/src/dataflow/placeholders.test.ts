import { describe, expect, it } from 'vitest';
import { formatDate } from './date-pattern.ts';
import { checkPlaceholders, fillPlaceholders, fillTimeMarks } from './placeholders.ts';

const now = new Date('2024-02-29T13:04:05.067Z');
const fill = (text: string) => fillPlaceholders(text, { now, jobId: 'job7', apiKey: '4_key' });
const mark = (inside: string) => `$\{${inside}}`;

describe('placeholders', () => {
  it.each([
    ['now', '20240229130405'],
    ['now:yyyy-MM-dd', '2024-02-29'],
    ['now:YYMMdd_HHmm', '240229_1304'],
    ["now:yyyyMMdd'T'HHmmss", '20240229T130405'],
    ['now-1h', '20240229120405'],
    ['now+2d:yyMMdd', '240302'],
    ['now-1D:yyyyMMdd', '20240228'],
    ['now-1M:yyyyMMdd', '20240129'],
    ['now+1y:yyyyMMdd', '20250228'],
    ['now-1w:yyyyMMdd', '20240222'],
    ['now+30m:HHmm', '1334'],
    ['now-5s:ss', '00'],
    ['unix', '1709211845'],
    ['jobId', 'job7'],
    ['apiKey', '4_key'],
  ])('%s', (inside, filled) => {
    expect(fill(`a_${mark(inside)}.csv`)).toBe(`a_${filled}.csv`);
    expect(checkPlaceholders(mark(inside))).toBeUndefined();
  });

  it('go to the last day of a shorter month', () => {
    const endOfMarch = new Date('2024-03-31T00:00:00Z');
    expect(fillPlaceholders(mark('now-1M:yyyy-MM-dd'), { now: endOfMarch, jobId: '', apiKey: '' })).toBe('2024-02-29');
  });

  it('that are unknown stay as they are and are reported', () => {
    expect(fill(`${mark('then')} $name {{x}} ${mark('')}`)).toBe(`${mark('then')} $name {{x}} ${mark('')}`);
    expect(checkPlaceholders(`x ${mark('then')}`)).toContain('is not a known placeholder');
    expect(checkPlaceholders(mark('now-1x'))).toContain('is not a known placeholder');
    expect(checkPlaceholders(mark('now:yyyy-bb'))).toContain('b in the date pattern yyyy-bb is not a date letter');
    expect(checkPlaceholders(mark("now:yyyy'T"))).toContain('not closed');
    expect(checkPlaceholders('plain $name {{x}}')).toBeUndefined();
  });

  it('become milliseconds in a query', () => {
    expect(fillTimeMarks(`lastUpdatedTimestamp > ${mark('now-1h')}`, now)).toBe(`lastUpdatedTimestamp > ${now.getTime() - 3_600_000}`);
    expect(fillTimeMarks(`day = '${mark('now:yyyy-MM-dd')}' ${mark('jobId')}`, now)).toBe(`day = '2024-02-29' ${mark('jobId')}`);
  });
});

describe('date patterns', () => {
  it.each([
    ['EEE, d MMM yyyy', 'Thu, 29 Feb 2024'],
    ['EEEE d MMMM', 'Thursday 29 February'],
    ['h:mm a', '1:04 PM'],
    ['kk KK', '13 01'],
    ['HH:mm:ss.SSS', '13:04:05.067'],
    ['D', '60'],
    ['yyyy-MM-dd HH:mm Z z X', '2024-02-29 13:04 +0000 UTC Z'],
    ["'it''s' yy", "it's 24"],
    ["yyyy''", "2024'"],
    ['y', '2024'],
  ])('%s', (pattern, formatted) => {
    expect(formatDate(now, pattern)).toBe(formatted);
  });
});
