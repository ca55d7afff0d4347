import { ApiError } from '../api-error.ts';

/** `at` counts characters from 0. A string's `text` is without quotes and escapes. */
export interface Token {
  kind: 'word' | 'string' | 'number' | 'symbol' | 'end';
  text: string;
  at: number;
}

const patterns = [
  ['space', /\s+/y],
  ['number', /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_])/uy],
  ['word', /[\p{L}_@$][\p{L}\p{N}_@$-]*(?:\.[\p{L}\p{N}_@$-]+)*/uy],
  ['string', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['symbol', /<=|>=|!=|[<>=(),*]/y],
] as const;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Cuts a query into tokens; the last is always `end`. Throws ApiError 400006 with the position. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const found = match(query, at);
    if (!found) throw syntaxError(query[at] === '"' || query[at] === "'" ? 'the text has no closing quote' : 'unexpected character', at);
    if (found.kind !== 'space') tokens.push({ kind: found.kind, text: found.kind === 'string' ? unquote(found.text) : found.text, at });
    at += found.text.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

export function syntaxError(message: string, at: number): ApiError {
  return new ApiError(400006, `Invalid argument: query: ${message} at position ${at}`);
}

function match(query: string, at: number): { kind: Token['kind'] | 'space'; text: string } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

/** Escapes keep their backslash before anything but quotes, backslash, n, r and t, so that a regex needs no doubling. */
function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\([\s\S])/g, (whole, sign: string) => escapes[sign] ?? ('"\'\\'.includes(sign) ? sign : whole));
}
