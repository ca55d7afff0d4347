/** How a delimited text marks its cells. Two texts of one dialect may exchange the bytes of their cells. */
export interface DsvDialect {
  /** One or more characters between cells. */
  readonly separator: string;
  /** One ASCII character around cells that hold separators, quotes or line ends. */
  readonly quote: string;
  /** One ASCII character before a quote inside quotes; the quote itself means RFC 4180 doubling. */
  readonly escapeWith: string;
}

const named: Record<string, string> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ' };

/** The separator a person meant: `\t`, `tab` and their like by name, anything else as it stands. */
export function readSeparator(text: string): string {
  const unescaped = text.replace(/\\([tnr\\])/g, (_, letter: string) => (letter === 't' ? '\t' : letter === '\\' ? '\\' : `\\${letter}`));
  return named[text.toLowerCase()] ?? unescaped;
}

/** Says what makes a dialect impossible to read back, or undefined. */
export function checkDialect({ separator, quote, escapeWith }: DsvDialect): string | undefined {
  if (separator === '') return 'The column separator is empty; give at least one character.';
  if (/[\r\n]/.test(separator)) return 'The column separator holds a line end; rows could not be told apart.';
  if (!/^[\x20-\x7e]$/.test(quote)) return 'The quote must be one printable ASCII character.';
  if (!/^[\x20-\x7e]$/.test(escapeWith)) return 'The escape character must be one printable ASCII character.';
  if (separator.includes(quote)) return `The column separator ${JSON.stringify(separator)} holds the quote character.`;
  if (escapeWith !== quote && separator.includes(escapeWith))
    return `The column separator ${JSON.stringify(separator)} holds the escape character.`;
  return undefined;
}

export const sameDialect = (a: DsvDialect, b: DsvDialect): boolean =>
  a === b || (a.separator === b.separator && a.quote === b.quote && a.escapeWith === b.escapeWith);
