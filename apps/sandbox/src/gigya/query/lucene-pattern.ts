import { syntaxError } from './lexer.ts';

/** Turns a Lucene pattern, which always fits the whole text, into a RegExp. Throws ApiError 400006. */
export function lucenePattern(pattern: string, at: number): RegExp {
  try {
    return new RegExp(`^(?:${translate(pattern)})$`, 'su');
  } catch (cause) {
    throw syntaxError(`the pattern '${pattern}' cannot be read (${cause instanceof Error ? cause.message : 'unknown reason'})`, at);
  }
}

/** Lucene has no ^, $ and / signs with a meaning, and takes text in double quotes literally. */
function translate(pattern: string): string {
  return pattern.replace(/\\([\s\S])|"([^"]*)"|\[\^?(?:\\.|[^\]\\])+\]|[\^$/]/gu, (whole, escaped?: string, quoted?: string) => {
    if (escaped !== undefined) return /[dDwWsS]/.test(escaped) ? whole : literal(escaped);
    if (quoted !== undefined) return [...quoted].map(literal).join('');
    return whole.startsWith('[') ? whole : literal(whole);
  });
}

function literal(sign: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(sign) ? `\\${sign}` : sign;
}
