import { ApiError } from '../api-error.ts';

export interface Token {
  kind: 'text' | 'number' | 'word' | 'sign' | 'end';
  text: string;
}

const LONGEST_QUERY = 20_000;
const MOST_TOKENS = 5_000;

/** Each alternative begins with another character, so a text is read in one pass. */
const TOKEN =
  /\s*(?:'(?<single>(?:[^'\\]|\\[\s\S]|'')*)'|"(?<double>(?:[^"\\]|\\[\s\S]|"")*)"|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.]))|(?<word>[A-Za-z_][\w.]*)|(?<sign><=|>=|<>|!=|[=<>(),*]))/iy;

/** Cuts a search into tokens. Throws ApiError 400006 where it cannot be read. */
export function tokenize(query: string): Token[] {
  if (query.length > LONGEST_QUERY) throw wrongQuery(`it is longer than ${LONGEST_QUERY} characters`);
  const text = withoutEnd(query);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw wrongQuery(`it cannot be read from ${excerpt(text.slice(from))} on`);
    if (tokens.push(readToken(groups)) > MOST_TOKENS) throw wrongQuery(`it has more than ${MOST_TOKENS} parts`);
  }
  return tokens;
}

/** Without the blanks and semicolons at its end; a pattern for it would take the square of the time. */
function withoutEnd(query: string): string {
  let length = query.length;
  while (/[\s;]/.test(query.charAt(length - 1))) length -= 1;
  return query.slice(0, length);
}

function readToken({ single, double, number, word, sign = '' }: Record<string, string | undefined>): Token {
  if (single !== undefined) return { kind: 'text', text: textIn(single, "'") };
  if (double !== undefined) return { kind: 'text', text: textIn(double, '"') };
  if (number !== undefined) return { kind: 'number', text: number };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'sign', text: sign === '<>' ? '!=' : sign };
}

/** A backslash keeps the next character as it is; a quote written twice is one. */
const textIn = (quoted: string, quote: string): string =>
  quoted.replace(quote === "'" ? /\\([\s\S])|''/g : /\\([\s\S])|""/g, (_, kept: string | undefined) => kept ?? quote);

export const excerpt = (text: string): string => {
  const trimmed = text.trim();
  return JSON.stringify(trimmed.length > 40 ? `${trimmed.slice(0, 40)}…` : trimmed);
};

export const wrongQuery = (what: string): ApiError => new ApiError(400006, `Invalid argument: query; ${what}.`);
