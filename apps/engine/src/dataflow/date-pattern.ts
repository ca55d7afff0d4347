const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');

const number = (value: number, width: number) => String(value).padStart(width, '0');
const name = (text: string | undefined, width: number) => (width > 3 ? (text ?? '') : (text ?? '').slice(0, 3));
const year = (date: Date, width: number) =>
  width === 2 ? number(date.getUTCFullYear() % 100, 2) : number(date.getUTCFullYear(), width === 1 ? 4 : width);
const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
const offset = (width: number) => (width < 3 ? '+0000' : '+00:00');

const letters: Record<string, (date: Date, width: number) => string> = {
  y: year,
  u: (date, width) => (width === 1 ? String(date.getUTCDay() || 7) : year(date, width)),
  Y: year,
  M: (date, width) => (width > 2 ? name(months[date.getUTCMonth()], width) : number(date.getUTCMonth() + 1, width)),
  L: (date, width) => (width > 2 ? name(months[date.getUTCMonth()], width) : number(date.getUTCMonth() + 1, width)),
  d: (date, width) => number(date.getUTCDate(), width),
  D: (date, width) => number(dayOfYear(date), width),
  E: (date, width) => name(days[date.getUTCDay()], width),
  a: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  H: (date, width) => number(date.getUTCHours(), width),
  k: (date, width) => number(date.getUTCHours() || 24, width),
  K: (date, width) => number(date.getUTCHours() % 12, width),
  h: (date, width) => number(date.getUTCHours() % 12 || 12, width),
  m: (date, width) => number(date.getUTCMinutes(), width),
  s: (date, width) => number(date.getUTCSeconds(), width),
  S: (date, width) =>
    width <= 3 ? number(date.getUTCMilliseconds(), 3).slice(0, width) : number(date.getUTCMilliseconds(), 3).padEnd(width, '0'),
  z: () => 'UTC',
  Z: (_date, width) => offset(width),
  X: () => 'Z',
};

const token = /''|'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g;

/** A date in UTC by a pattern of Java's date formats (`yyyy-MM-dd'T'HHmmss`). `YY` is read as the calendar year, as stored flows mean it. */
export const formatDate = (date: Date, pattern: string): string =>
  pattern.replace(token, (text: string, quoted: string | undefined, letter: string | undefined) => {
    if (text === "''") return "'";
    if (quoted !== undefined) return quoted.replaceAll("''", "'");
    return letter ? (letters[letter]?.(date, text.length) ?? text) : text;
  });

/** What is wrong with a date pattern, as a clause; undefined when nothing is. */
export function checkDatePattern(pattern: string): string | undefined {
  if (pattern === '') return 'the date pattern is empty';
  for (const [text, , letter] of pattern.matchAll(token)) {
    if (text === "'") return `an apostrophe in the date pattern ${pattern} is not closed`;
    if (letter && !(letter in letters)) return `${letter} in the date pattern ${pattern} is not a date letter`;
  }
  return undefined;
}
