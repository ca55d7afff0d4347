import { ExpressionError } from './expression-error.ts';

export type Token =
  | { kind: 'number'; value: number; float: boolean; text: string; at: number }
  | { kind: 'text'; value: string; text: string; at: number }
  | { kind: 'name'; value: string; text: string; at: number }
  | { kind: 'sign'; value: string; text: string; at: number }
  | { kind: 'template'; value: ''; parts: readonly (string | { source: string; at: number })[]; text: string; at: number }
  | { kind: 'end'; value: ''; text: ''; at: number };

/** Longest first, so that `=~` is not read as `=`. Assignments are listed to be refused by name. */
const signs = [
  '..',
  '?.',
  '?:',
  '??',
  '||',
  '&&',
  '==',
  '!=',
  '<=',
  '>=',
  '=~',
  '!~',
  '=^',
  '!^',
  '=$',
  '!$',
  ...'?:!<>=+-*/%&|^~.,;()[]{}',
];

const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|##[^\n]*)+/y;
const number = /0[xX][0-9a-fA-F]+[lLhH]?|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?[lLhHdDfFbB]?/y;
const digits = /\d+/y;
/** After a value a dot is no decimal point: `emails.0`. */
const wholeFirst = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[lLhHdDfFbB]?/y;
/** Commons JEXL lets a backslash put a blank, quote or minus into a name: `Custom\ Field\ 1`. */
const name = /[\p{L}_$@#](?:[\p{L}\p{M}\p{N}_$@#]|\\[ '"-])*/uy;
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** Takes an expression apart into tokens, the last one an `end`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (;;) {
    at += match(blank)?.length ?? 0;
    if (at >= source.length) break;
    const token = readToken(source, at, { afterDot: isDot(tokens.at(-1)), afterValue: isValue(tokens.at(-1)), match });
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', value: '', text: '', at });
  return tokens;
}

const isValue = (token: Token | undefined) => token !== undefined && (token.kind !== 'sign' || token.value === ')' || token.value === ']');
const isDot = (token: Token | undefined) => token?.kind === 'sign' && (token.value === '.' || token.value === '?.');

function readToken(
  source: string,
  at: number,
  around: { afterDot: boolean; afterValue: boolean; match(pattern: RegExp): string | undefined },
): Token {
  const { afterDot, afterValue, match } = around;
  const first = source[at] as string;
  if (first === "'" || first === '"') return readText(source, at);
  if (first === '`') return readTemplate(source, at);
  // `emails.0.email`: after a dot a number is an index, and its own dot begins the next part.
  const figures = match(afterDot ? digits : afterValue ? wholeFirst : number);
  if (figures !== undefined) {
    return { kind: 'number', ...numberOf(figures), text: figures, at };
  }
  const word = match(name);
  if (word !== undefined) return { kind: 'name', value: word.replaceAll('\\', ''), text: word, at };
  const sign = signs.find((candidate) => source.startsWith(candidate, at));
  if (sign === undefined) throw new ExpressionError(`The character ${JSON.stringify(first)} has no meaning`, at);
  return { kind: 'sign', value: sign, text: sign, at };
}

/** As in Java, `0x` begins a hexadecimal and `0` an octal number. */
function numberOf(figures: string): { value: number; float: boolean } {
  if (/^0[xX]/.test(figures)) return { value: Number(figures.replace(/[lLhH]$/, '')), float: false };
  if (/^0[0-7]+[lLhH]?$/.test(figures)) return { value: Number.parseInt(figures, 8), float: false };
  return { value: Number(figures.replace(/[lLhHdDfFbB]$/, '')), float: /[.eEdDfFbB]/.test(figures) };
}

/** `\`hi ${name}\``: the expressions are parsed later. */
function readTemplate(source: string, start: number): Token {
  const parts: (string | { source: string; at: number })[] = [''];
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] as string;
    if (character === '`') return { kind: 'template', value: '', parts, text: source.slice(start, at + 1), at: start };
    if (source.startsWith('${', at)) {
      const end = source.indexOf('}', at);
      if (end < 0) throw new ExpressionError('The ${ has no closing }', at);
      parts.push({ source: source.slice(at + 2, end), at: at + 2 }, '');
      at = end;
    } else {
      if (character === '\\') at++;
      parts[parts.length - 1] += character === '\\' && source[at] !== '`' ? `\\${source[at] ?? ''}` : (source[at] ?? '');
    }
  }
  throw new ExpressionError('The text that begins with ` has no closing `', start);
}

function readText(source: string, start: number): Token {
  const quote = source[start];
  let value = '';
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] as string;
    if (character === quote) return { kind: 'text', value, text: source.slice(start, at + 1), at: start };
    if (character !== '\\') {
      value += character;
      continue;
    }
    at++;
    const unicode = /^u([0-9a-fA-F]{4})/.exec(source.slice(at, at + 5));
    const escaped = source[at] ?? '';
    value += unicode ? String.fromCharCode(Number.parseInt(unicode[1] as string, 16)) : (escapes[escaped] ?? keepEscape(escaped));
    if (unicode) at += 4;
  }
  throw new ExpressionError(`The text that begins with ${quote} has no closing ${quote}`, start);
}

/** Quotes and backslashes lose the backslash; before anything else it stays, so that `'\d+'` is a pattern as in Java. */
const keepEscape = (character: string) => (/^['"\\`]$/.test(character) ? character : `\\${character}`);
