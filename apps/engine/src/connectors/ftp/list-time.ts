const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const HOUR = 3_600_000;

/** The westernmost zone a server may tell its local time in. */
const LATEST_ZONE = 12 * HOUR;

/**
 * The latest instant, in milliseconds since 1970, that the time in a line of LIST can mean: such times tell neither zone nor
 * seconds, and those of older files no hour. Undefined when the form is not known.
 */
export function latestListTime(text: string, nowMs = Date.now()): number | undefined {
  const read = unixTime(text, nowMs) ?? numericTime(text) ?? dosTime(text);
  return read === undefined ? undefined : read + LATEST_ZONE;
}

/** `Nov 23 18:34` within about half a year, else `Mar 01 2024`. */
function unixTime(text: string, nowMs: number): number | undefined {
  const [, name = '', day, hour, minute, year] = /^([A-Za-z]{3})\s+(\d{1,2})\s+(?:(\d{1,2}):(\d{2})|(\d{4}))$/.exec(text) ?? [];
  const month = months.indexOf(name.toLowerCase());
  if (month < 0) return undefined;
  if (year !== undefined) return Date.UTC(Number(year), month, Number(day) + 1) - 1;
  const inYear = (y: number) => Date.UTC(y, month, Number(day), Number(hour), Number(minute), 59, 999);
  const thisYear = new Date(nowMs).getUTCFullYear();
  return inYear(thisYear) > nowMs + 24 * HOUR ? inYear(thisYear - 1) : inYear(thisYear);
}

/** `2024-03-01 18:34` */
function numericTime(text: string): number | undefined {
  const [, year, month, day, hour, minute] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})\s+(\d{1,2}):(\d{2})/.exec(text) ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), 59, 999);
}

/** `03-01-24  06:34PM` */
function dosTime(text: string): number | undefined {
  const [, month, day, year, hour, minute, half] = /^(\d{2})-(\d{2})-(\d{2}|\d{4})\s+(\d{1,2}):(\d{2})\s*([AP]M)?$/i.exec(text) ?? [];
  if (year === undefined) return undefined;
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900);
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  return Date.UTC(full, Number(month) - 1, Number(day), hours, Number(minute), 59, 999);
}
