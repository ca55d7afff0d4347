import { dateTokens, dayNames, monthNames } from '#dataflow';
import { instantOf, readOffset, utcMs, type Zone } from './zone.ts';

/** Reads a text as a date: milliseconds since 1970, undefined when it is none. */
export type DateReader = (text: string) => number | undefined;

/** What the pieces of a text said. */
interface Found {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  /** Of a clock with twelve hours; decides together with `afternoon`. */
  halfHour: number | undefined;
  afternoon: boolean;
  minute: number;
  second: number;
  ms: number;
  offsetMinutes: number | undefined;
}

interface Piece {
  /** One capturing group. */
  source: string;
  read(found: Found, text: string): void;
}

export interface ReaderOptions {
  /** For texts that tell no offset of their own. */
  zone: Zone;
  /** The year around which `yy` is understood: at most 80 before and 20 behind, as Java's SimpleDateFormat has it. */
  thisYear: number;
}

/** A reader for a pattern of Java's date formats. Names are English, in any letter case; numbers may lack leading zeros where nothing follows at once. */
export function compileDateReader(pattern: string, { zone, thisYear }: ReaderOptions): DateReader {
  const tokens = dateTokens(pattern);
  const pieces: Piece[] = [];
  const source = tokens.map((token, i) => {
    if ('text' in token) return token.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const next = tokens[i + 1];
    const piece = pieceOf(token.letter, { width: token.width, tight: next !== undefined && 'letter' in next && isNumeric(next), thisYear });
    pieces.push(piece);
    return `(${piece.source})`;
  });
  const expression = new RegExp(`^${source.join('')}$`, 'i');
  return (text) => {
    const match = expression.exec(text);
    if (!match) return undefined;
    const found: Found = {
      year: 1970,
      month: 1,
      day: 1,
      dayOfYear: undefined,
      hour: 0,
      halfHour: undefined,
      afternoon: false,
      minute: 0,
      second: 0,
      ms: 0,
      offsetMinutes: undefined,
    };
    pieces.forEach((piece, i) => {
      piece.read(found, match[i + 1] ?? '');
    });
    return assemble(found, zone);
  };
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** A reader for ISO 8601: `2024-02-29`, `2024-02-29T12:34:56.789+01:00`, with a blank in place of T too. */
export const isoReader =
  (zone: Zone): DateReader =>
  (text) => {
    const match = iso.exec(text);
    if (!match) return undefined;
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', offset] = match;
    const found = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
    };
    const offsetMinutes = offset === undefined ? undefined : readOffset(offset);
    return assemble({ ...found, dayOfYear: undefined, halfHour: undefined, afternoon: false, ms: millisOf(fraction), offsetMinutes }, zone);
  };

/** A reader for seconds (1000) or milliseconds (1) since 1970. */
export const epochReader =
  (unitMs: number): DateReader =>
  (text) => {
    const ms = /^[+-]?\d{1,16}(?:\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * unitMs) : Number.NaN;
    return Math.abs(ms) <= 8.64e15 ? ms : undefined;
  };

const millisOf = (fraction: string) => Math.trunc(Number(`0.${fraction || 0}`) * 1000 + 1e-6);
const isNumeric = ({ letter, width }: { letter: string; width: number }) => !/[aEzZX]/.test(letter) && !(/[ML]/.test(letter) && width > 2);

function assemble(found: Found, zone: Zone): number | undefined {
  const { year, minute, second, ms } = found;
  const hour = found.halfHour === undefined ? found.hour : (found.halfHour % 12) + (found.afternoon ? 12 : 0);
  const [month, day] = found.dayOfYear === undefined ? [found.month, found.day] : [1, found.dayOfYear];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const local = utcMs([year, month, day], [hour, minute, second]);
  const date = new Date(local);
  // A day that the month does not have would come out as one of the next.
  if (day < 1 || date.getUTCFullYear() !== year || (found.dayOfYear === undefined && date.getUTCMonth() !== month - 1)) return undefined;
  const instant = found.offsetMinutes === undefined ? instantOf(local, zone) : local - found.offsetMinutes * 60_000;
  return instant + ms;
}

interface PieceOptions {
  width: number;
  /** A number follows at once, so that this one has exactly its width. */
  tight: boolean;
  thisYear: number;
}

function pieceOf(letter: string, { width, tight, thisYear }: PieceOptions): Piece {
  const digits = (most: number) => (tight ? `\\d{${width}}` : `\\d{1,${most}}`);
  const number = (source: string, set: (found: Found, value: number) => void): Piece => ({
    source,
    read: (found, text) => set(found, Number(text)),
  });
  switch (letter) {
    case 'y':
    case 'u':
    case 'Y':
      if (width === 2) return number('\\d{2}', (found, value) => (found.year = fullYear(value, thisYear)));
      return number(width > 2 ? `\\d{${Math.max(4, width)}}` : digits(4), (found, value) => (found.year = value));
    case 'M':
    case 'L':
      if (width > 2) return named(monthNames, (found, index) => (found.month = index + 1));
      return number(digits(2), (found, value) => (found.month = value));
    case 'E':
      return named(dayNames, () => {});
    case 'd':
      return number(digits(2), (found, value) => (found.day = value));
    case 'D':
      return number(digits(3), (found, value) => (found.dayOfYear = value));
    case 'H':
      return number(digits(2), (found, value) => (found.hour = value));
    case 'k':
      return number(digits(2), (found, value) => (found.hour = value % 24));
    case 'h':
    case 'K':
      return number(digits(2), (found, value) => (found.halfHour = value > 12 ? Number.NaN : value));
    case 'm':
      return number(digits(2), (found, value) => (found.minute = value));
    case 's':
      return number(digits(2), (found, value) => (found.second = value));
    case 'S':
      return { source: tight ? `\\d{${width}}` : '\\d{1,9}', read: (found, text) => (found.ms = millisOf(text)) };
    case 'a':
      return { source: 'AM|PM', read: (found, text) => (found.afternoon = text.toUpperCase() === 'PM') };
    default:
      return {
        source: 'Z|(?:UTC|GMT)?(?:[+-]\\d{1,2}(?::?\\d{2})?)?',
        read: (found, text) => (found.offsetMinutes = readOffset(text.toUpperCase()) ?? Number.NaN),
      };
  }
}

/** Whole names or their first three letters. */
function named(names: readonly string[], set: (found: Found, index: number) => void): Piece {
  return {
    source: names.flatMap((name) => [name, name.slice(0, 3)]).join('|'),
    read: (found, text) =>
      set(
        found,
        names.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()),
      ),
  };
}

function fullYear(twoDigits: number, thisYear: number): number {
  const year = Math.floor(thisYear / 100) * 100 + twoDigits;
  if (year > thisYear + 20) return year - 100;
  return year <= thisYear - 80 ? year + 100 : year;
}
