import { type CodePoints, foldAscii, foldUnicode, negate, union } from './code-points.ts';
import { propertySet, shortSet } from './named-sets.ts';
import type { SourceReader } from './source-reader.ts';

/** The flags in force at some place of an expression. */
export interface Flags {
  /** Letters match in either case: `i`. */
  ignoreCase: boolean;
  /** Case is that of Unicode, not of ASCII alone: `u`. */
  unicodeCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  unixLines: boolean;
  comments: boolean;
}

export const fold = (set: CodePoints, { ignoreCase, unicodeCase }: Flags): CodePoints =>
  ignoreCase ? (unicodeCase ? foldUnicode(set) : foldAscii(set)) : set;

export type Escape = { character: number } | { set: CodePoints };

const controls: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** Java takes the classes of one case for all letters that have case, once case does not matter. */
function caseless(name: string): readonly string[] {
  if (name === 'Lower' || name === 'Upper') return ['Lower', 'Upper'];
  if (/^Is(?:Lowercase|Uppercase)$/i.test(name)) return ['IsLowercase', 'IsUppercase', 'Lt'];
  return /^(?:Is|(?:gc|general_category)=)?L[ult]$/.test(name) ? ['Lu', 'Ll', 'Lt'] : [name];
}

/**
 * The escapes that mean a character or a set, in and out of brackets; the reader stands behind the backslash.
 * Undefined, with nothing taken, when it is another kind of escape.
 */
export function readEscape(reader: SourceReader, flags: Flags): Escape | undefined {
  const start = reader.at;
  const letter = reader.take();
  if (letter === '')
    throw reader.fault('A backslash at the end stands for nothing', { at: start - 1, remedy: 'Write \\\\ for a backslash.' });
  const set = shortSet(letter);
  if (set) return { set };
  if (letter === 'p' || letter === 'P') return { set: readProperty(reader, letter === 'P', flags) };
  const character = controls[letter] ?? readNumbered(reader, letter);
  if (character !== undefined) return { character };
  if (!/[A-Za-z0-9]/.test(letter)) return { character: letter.codePointAt(0) as number };
  reader.at = start;
  return undefined;
}

function readNumbered(reader: SourceReader, letter: string): number | undefined {
  const start = reader.at;
  const code = (found: RegExpExecArray | undefined, form: string, base = 16): number => {
    const value = found ? Number.parseInt(found[1] as string, base) : Number.NaN;
    if (!(value <= 0x10ffff)) throw reader.fault(`\\${letter} is not followed by ${form}`, { at: start - 2 });
    return value;
  };
  switch (letter) {
    case 'x':
      return code(
        reader.match(/\{([0-9a-fA-F]{1,8})\}/y) ?? reader.match(/([0-9a-fA-F]{2})/y),
        'two hexadecimal digits, or a number in braces',
      );
    case 'u': {
      const pair = reader.match(/([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y);
      if (pair)
        return (Number.parseInt(pair[1] as string, 16) - 0xd800) * 0x400 + (Number.parseInt(pair[2] as string, 16) - 0xdc00) + 0x10000;
      return code(reader.match(/([0-9a-fA-F]{4})/y), 'four hexadecimal digits');
    }
    case '0':
      return code(reader.match(/([0-3][0-7]{2}|[0-7]{1,2})/y), 'an octal number', 8);
    case 'c': {
      const control = reader.take();
      if (control === '') throw reader.fault('\\c is not followed by a character', { at: start - 2 });
      return (control.codePointAt(0) as number) ^ 64;
    }
    default:
      return undefined;
  }
}

function readProperty(reader: SourceReader, negated: boolean, flags: Flags): CodePoints {
  const start = reader.at - 2;
  const name = (reader.match(/\{(\^?[^{}]*)\}/y)?.[1] ?? reader.take()).trim();
  const sets = (flags.ignoreCase ? caseless(name) : [name]).map(propertySet);
  if (sets.some((set) => set === undefined)) {
    throw reader.fault(`\\p{${name}} is not a known class of characters`, {
      at: start,
      remedy:
        'Use a category such as \\p{L}, a script such as \\p{IsLatin}, or \\p{Alpha}, \\p{Digit}, \\p{Punct}; blocks (\\p{InGreek}) are not known.',
    });
  }
  const set = union(...sets.map((known) => known ?? []));
  return negated ? negate(set) : set;
}
