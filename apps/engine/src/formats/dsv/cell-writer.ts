import type { DataRecord, Json } from '#dataflow';
import type { ByteWriter } from './byte-writer.ts';
import type { DsvDialect } from './dialect.ts';

/** Writes values as cells of one dialect. */
export class CellWriter {
  readonly dialect: DsvDialect;
  readonly quoteAll: boolean;
  readonly separator: Uint8Array;
  readonly #needsQuotes: RegExp;
  readonly #special: RegExp;
  readonly #escaped: string;
  /** ASCII characters that may need quotes. */
  readonly #marks = new Uint8Array(128);

  constructor(dialect: DsvDialect, quoteAll: boolean) {
    this.dialect = dialect;
    this.quoteAll = quoteAll;
    const { separator, quote, escapeWith } = dialect;
    const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    this.#needsQuotes = new RegExp(`[\\r\\n${literal(quote)}]|${literal(separator)}`);
    this.separator = Buffer.from(separator);
    for (const character of `${separator.slice(0, 1)}${quote}\r\n`) this.#marks[character.charCodeAt(0)] = 1;
    this.#special = new RegExp(`[${literal(quote)}${literal(escapeWith)}]`, 'g');
    this.#escaped = `${escapeWith.replace('$', '$$$$')}$&`;
  }

  /** The cell of a value: in quotes where they are needed, or always; quotes inside are escaped as the dialect wants. */
  cell(value: Json | undefined): string {
    return this.#text(cellText(value));
  }

  /** A row without its line end. A row of one empty cell is written as two quotes, or readers would take it for a blank line. */
  row(values: readonly (Json | undefined)[]): string {
    let text = '';
    for (let i = 0; i < values.length; i++) text += i === 0 ? this.cell(values[i]) : this.dialect.separator + this.cell(values[i]);
    return text === '' ? this.empty : text;
  }

  /** Appends the cells of a record, in the order of the columns. Returns how many of them the record has. */
  record(out: ByteWriter, record: DataRecord, columns: readonly string[]): number {
    const { separator } = this;
    const start = out.length;
    let found = 0;
    for (let i = 0; i < columns.length; i++) {
      const name = columns[i] as string;
      let value: Json | undefined = record[name];
      if (i > 0) out.bytes(separator);
      if (typeof value === 'string') found++;
      else {
        if (value !== undefined && !Object.hasOwn(record, name)) value = undefined;
        if (value !== undefined) found++;
        value = cellText(value);
      }
      if (this.quoteAll || !out.plain(value, this.#marks)) out.text(this.#text(value));
    }
    if (out.length === start) out.text(this.empty);
    return found;
  }

  get empty(): string {
    return this.dialect.quote + this.dialect.quote;
  }

  /** The end of the text and the separator behind it would read as a separator that comes earlier: `a:` before `::`. */
  #meetsSeparator(text: string): boolean {
    const { separator } = this.dialect;
    return (
      separator.length > 1 &&
      text !== '' &&
      (text.slice(1 - separator.length) + separator).indexOf(separator) < Math.min(text.length, separator.length - 1)
    );
  }

  #text(text: string): string {
    const { quote } = this.dialect;
    if (this.#needsQuotes.test(text) || this.#meetsSeparator(text)) return quote + text.replace(this.#special, this.#escaped) + quote;
    if (!this.quoteAll) return text;
    return this.dialect.escapeWith === quote ? quote + text + quote : quote + text.replace(this.#special, this.#escaped) + quote;
  }
}

/** The text of a value in a cell, before quoting. */
function cellText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
