import { checkDatePattern, formatDate } from './date-pattern.ts';

/** What placeholders are filled from. */
export interface PlaceholderValues {
  /** Start of the job, so that all files of one job share it. */
  now: Date;
  jobId: string;
  apiKey: string;
}

const defaultPattern = 'yyyyMMddHHmmss';
const placeholder = /\$\{([^{}]*)\}/g;
const time = /^now(?:([+-])(\d{1,6})([yMwdDhms]))?(?::(.+))?$/s;

/**
 * Replaces `${now}` (UTC, `yyyyMMddHHmmss`), `${now:PATTERN}`, `${now-1h}`, `${now+2d:yyMMdd}` (units y M w d h m s), `${unix}` (seconds),
 * `${jobId}` and `${apiKey}`. Anything else in `${}` stays as it is; {@link checkPlaceholders} reports it.
 */
export const fillPlaceholders = (text: string, { now, jobId, apiKey }: PlaceholderValues): string =>
  text.replace(placeholder, (whole, name: string) => {
    if (name === 'jobId') return jobId;
    if (name === 'apiKey') return apiKey;
    if (name === 'unix') return String(Math.floor(now.getTime() / 1000));
    const mark = readTime(name, now);
    return mark ? formatDate(mark.date, mark.pattern ?? defaultPattern) : whole;
  });

/** Replaces time marks of a query: `${now-1h}` becomes milliseconds since 1970; with a pattern, text. */
export const fillTimeMarks = (where: string, now: Date): string =>
  where.replace(placeholder, (whole, name: string) => {
    const mark = readTime(name, now);
    if (!mark) return whole;
    return mark.pattern === undefined ? String(mark.date.getTime()) : formatDate(mark.date, mark.pattern);
  });

/** One sentence on the first placeholder that cannot be filled; undefined when all can. With `records`, values of records can too. */
export function checkPlaceholders(text: string, { records = false } = {}): string | undefined {
  for (const [whole, name = ''] of text.matchAll(placeholder)) {
    if (records && /^records?(\..|$)/.test(name)) continue;
    if (name === 'jobId' || name === 'apiKey' || name === 'unix') continue;
    const found = time.exec(name);
    if (!found)
      return `${whole} is not a known placeholder; use \${now}, \${now:yyyy-MM-dd}, \${now-1d}, \${unix}, \${jobId} or \${apiKey}.`;
    const fault = found[4] === undefined ? undefined : checkDatePattern(found[4]);
    if (fault) return `In ${whole}, ${fault}.`;
  }
  return undefined;
}

function readTime(name: string, now: Date): { date: Date; pattern: string | undefined } | undefined {
  const found = time.exec(name);
  if (!found) return undefined;
  const [, sign, count, unit, pattern] = found;
  return { date: unit ? shiftTime(now, (sign === '-' ? -1 : 1) * Number(count), unit) : now, pattern };
}

const unitMs: Record<string, number> = { w: 604_800_000, d: 86_400_000, D: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** The time so many units later, or earlier for a negative count; a month or year keeps the day where the month has it. */
export function shiftTime(date: Date, count: number, unit: string): Date {
  const ms = unitMs[unit];
  if (ms !== undefined) return new Date(date.getTime() + count * ms);
  const shifted = new Date(date);
  shifted.setUTCDate(1);
  shifted.setUTCMonth(shifted.getUTCMonth() + count * (unit === 'y' ? 12 : 1));
  const lastDay = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate();
  shifted.setUTCDate(Math.min(date.getUTCDate(), lastDay));
  return shifted;
}
