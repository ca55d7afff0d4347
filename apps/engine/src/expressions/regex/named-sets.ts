import { type CodePoints, everything, negate, ofCharacters, ofRanges, scan, union } from './code-points.ts';

const digits: CodePoints = [0x30, 0x39];
const upper: CodePoints = [0x41, 0x5a];
const lower: CodePoints = [0x61, 0x7a];
const letters = union(upper, lower);
const punctuation = ofCharacters('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

export const lineEnds = ofCharacters('\n\r\u0085\u2028\u2029');

/** Sets that a backslash and one letter name; the capital letter is the rest. Java's own are of ASCII only. */
const short: Record<string, CodePoints> = {
  d: digits,
  w: union(letters, digits, ofCharacters('_')),
  s: ofCharacters(' \t\n\v\f\r'),
  h: ofCharacters(' \t\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'),
  v: ofCharacters('\n\v\f\r\u0085\u2028\u2029'),
};

export function shortSet(letter: string): CodePoints | undefined {
  const set = Object.hasOwn(short, letter.toLowerCase()) ? short[letter.toLowerCase()] : undefined;
  return set && (letter === letter.toLowerCase() ? set : negate(set));
}

/** The POSIX classes of `\p{…}`, of ASCII. */
const posix: Record<string, CodePoints> = {
  Lower: lower,
  Upper: upper,
  ASCII: [0, 0x7f],
  Alpha: letters,
  Digit: digits,
  Alnum: union(letters, digits),
  Punct: punctuation,
  Graph: [0x21, 0x7e],
  Print: [0x20, 0x7e],
  Blank: ofCharacters(' \t'),
  Cntrl: ofRanges([
    [0, 0x1f],
    [0x7f, 0x7f],
  ]),
  XDigit: union(digits, [0x41, 0x46], [0x61, 0x66]),
  Space: ofCharacters(' \t\n\v\f\r'),
};

/** Java's names of the Unicode properties that have one in JavaScript too; upper case, as Java takes any. */
const binary: Record<string, string> = {
  ALPHABETIC: 'Alphabetic',
  IDEOGRAPHIC: 'Ideographic',
  LETTER: 'L',
  LOWERCASE: 'Lowercase',
  UPPERCASE: 'Uppercase',
  PUNCTUATION: 'P',
  WHITE_SPACE: 'White_Space',
  WHITESPACE: 'White_Space',
  DIGIT: 'Nd',
  HEX_DIGIT: 'Hex_Digit',
  HEXDIGIT: 'Hex_Digit',
  JOIN_CONTROL: 'Join_Control',
  CONTROL: 'Cc',
  ASSIGNED: 'Assigned',
};

const surrogates: CodePoints = [0xd800, 0xdfff];

/** The set of `\p{name}`; undefined when Java or this product does not know it. */
export function propertySet(name: string): CodePoints | undefined {
  if (Object.hasOwn(posix, name)) return posix[name];
  if (name === 'L1') return [0, 0xff];
  if (name === 'all') return everything;
  const [, key = '', value = ''] = /^(?:(gc|general_category|sc|script|blk|block)=)?(.+)$/i.exec(name) ?? [];
  if (/^(?:blk|block)$/i.test(key)) return undefined;
  if (/^(?:sc|script)$/i.test(key)) return script(value);
  if (key !== '') return category(value);
  if (!value.startsWith('Is')) return category(value);
  const plain = value.slice(2);
  const property = binary[plain.toUpperCase()];
  if (property !== undefined) return property === 'Assigned' ? union(scan(read(property)), surrogates) : scan(read(property));
  return category(plain) ?? script(plain);
}

const read = (property: string) => new RegExp(`\\p{${property}}`, 'u');

function category(name: string): CodePoints | undefined {
  if (!/^(?:LC|L[ulmto]?|M[nce]?|N[dlo]?|Z[slp]?|C[cfosn]?|P[cdseifo]?|S[mcko]?)$/.test(name)) return undefined;
  if (name === 'Cs') return surrogates;
  const set = scan(read(name));
  return name === 'C' ? union(set, surrogates) : set;
}

function script(name: string): CodePoints | undefined {
  const proper = name.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase());
  try {
    return scan(new RegExp(`\\p{Script=${proper}}`, 'u'));
  } catch {
    return undefined;
  }
}
