export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const monthNames = 'January February March April May June July August September October November December'.split(' ');

const number = (value: number, width: number) => String(value).padStart(width, '0');
const name = (text: string | undefined, width: number) => (width > 3 ? (text ?? '') : (text ?? '').slice(0, 3));
const year = (date: Date, width: number) =>
  width === 2 ? number(date.getUTCFullYear() % 100, 2) : number(date.getUTCFullYear(), width === 1 ? 4 : width);
const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

/** Signed hours and minutes of an offset, as `+0200` or `+02:00`. */
function offset(minutes: number, colon: boolean): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${number(Math.floor(size / 60), 2)}${colon ? ':' : ''}${number(size % 60, 2)}`;
}

type Letter = (date: Date, width: number, offsetMinutes: number) => string;

const letters: Record<string, Letter> = {
  y: year,
  u: (date, width) => (width === 1 ? String(date.getUTCDay() || 7) : year(date, width)),
  Y: year,
  M: (date, width) => (width > 2 ? name(monthNames[date.getUTCMonth()], width) : number(date.getUTCMonth() + 1, width)),
  L: (date, width) => (width > 2 ? name(monthNames[date.getUTCMonth()], width) : number(date.getUTCMonth() + 1, width)),
  d: (date, width) => number(date.getUTCDate(), width),
  D: (date, width) => number(dayOfYear(date), width),
  E: (date, width) => name(dayNames[date.getUTCDay()], width),
  a: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  H: (date, width) => number(date.getUTCHours(), width),
  k: (date, width) => number(date.getUTCHours() || 24, width),
  K: (date, width) => number(date.getUTCHours() % 12, width),
  h: (date, width) => number(date.getUTCHours() % 12 || 12, width),
  m: (date, width) => number(date.getUTCMinutes(), width),
  s: (date, width) => number(date.getUTCSeconds(), width),
  S: (date, width) =>
    width <= 3 ? number(date.getUTCMilliseconds(), 3).slice(0, width) : number(date.getUTCMilliseconds(), 3).padEnd(width, '0'),
  z: (_date, _width, minutes) => (minutes === 0 ? 'UTC' : `GMT${offset(minutes, true)}`),
  Z: (_date, width, minutes) => offset(minutes, width > 3),
  X: (_date, width, minutes) => {
    if (minutes === 0) return 'Z';
    const text = offset(minutes, width > 2);
    return width === 1 && minutes % 60 === 0 ? text.slice(0, 3) : text;
  },
};

const token = /''|'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g;

/** One piece of a date pattern: a date letter with the number of its repetitions, or literal text. */
export type DateToken = { letter: string; width: number } | { text: string };

/** Takes a pattern apart that {@link checkDatePattern} finds nothing wrong with. */
export const dateTokens = (pattern: string): DateToken[] =>
  Array.from(pattern.matchAll(token), ([text, quoted, letter]) => {
    if (text === "''") return { text: "'" };
    if (quoted !== undefined) return { text: quoted.replaceAll("''", "'") };
    return letter === undefined ? { text } : { letter, width: text.length };
  });

/**
 * Writes dates by a pattern of Java's date formats (`yyyy-MM-dd'T'HHmmss`), in a zone that is so many minutes ahead of UTC at that instant.
 * `YY` is read as the calendar year, as stored flows mean it. Names are English.
 */
export function compileDateFormat(pattern: string): (date: Date, offsetMinutes?: number) => string {
  const pieces = dateTokens(pattern).map((piece): Letter => {
    if ('text' in piece) return () => piece.text;
    const write = letters[piece.letter];
    return write ? (date, _width, minutes) => write(date, piece.width, minutes) : () => piece.letter.repeat(piece.width);
  });
  return (date, offsetMinutes = 0) => {
    const local = offsetMinutes === 0 ? date : new Date(date.getTime() + offsetMinutes * 60_000);
    return pieces.reduce((text, piece) => text + piece(local, 0, offsetMinutes), '');
  };
}

/** A date in UTC by a pattern. */
export const formatDate = (date: Date, pattern: string): string => compileDateFormat(pattern)(date);

/** What is wrong with a date pattern, as a clause; undefined when nothing is. */
export function checkDatePattern(pattern: string): string | undefined {
  if (pattern === '') return 'the date pattern is empty';
  for (const [text, , letter] of pattern.matchAll(token)) {
    if (text === "'") return `an apostrophe in the date pattern ${pattern} is not closed`;
    if (letter && !(letter in letters)) return `${letter} in the date pattern ${pattern} is not a date letter`;
  }
  return undefined;
}
