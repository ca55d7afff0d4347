import { excerpt, wrongQuery } from './tokens.ts';

const TIME =
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ](?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<part>\d{1,9}))?)?)?(?:Z|(?<sign>[+-])(?<offsetHour>\d{2}):?(?<offsetMinute>\d{2}))?$/i;

/** A date or date-time as ISO text: zeros and the time may be left out, UTC unless an offset is given. Throws ApiError 400006. */
export function readTime(text: string): string {
  const time = parseTime(text);
  if (!time) throw wrongQuery(`${excerpt(text)} is no date; write it as 2026-05-08, 2026-05-08 14:30:00 or 2026-05-08T14:30:00Z`);
  return time.toISOString();
}

/** Undefined for what is no date of the calendar, from year 1 on. */
export function parseTime(text: string): Date | undefined {
  const parts = TIME.exec(text.trim())?.groups;
  if (!parts) return undefined;
  const of = (name: string) => Number(parts[name] ?? 0);
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(of) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1 || hour > 23 || minute > 59 || second > 59 || of('offsetHour') > 14 || of('offsetMinute') > 59) return undefined;
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day) return undefined;
  const offsetMinutes = (of('offsetHour') * 60 + of('offsetMinute')) * (parts.sign === '-' ? -1 : 1);
  time.setUTCHours(hour, minute - offsetMinutes, second, Math.floor(Number(`0.${parts.part ?? 0}`) * 1000));
  return time.getUTCFullYear() < 1 || time.getUTCFullYear() > 9999 ? undefined : time;
}
