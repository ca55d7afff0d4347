import type { DataRecord, Json } from '#dataflow';
import type { DsvDialect } from './dialect.ts';

/** Writes values as cells of one dialect. */
export class CellWriter {
  readonly dialect: DsvDialect;
  readonly quoteAll: boolean;
  readonly #needsQuotes: RegExp;
  readonly #special: RegExp;
  readonly #escaped: string;

  constructor(dialect: DsvDialect, quoteAll: boolean) {
    this.dialect = dialect;
    this.quoteAll = quoteAll;
    const { separator, quote, escapeWith } = dialect;
    const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    this.#needsQuotes = new RegExp(`[\\r\\n${literal(quote)}]|${literal(separator)}`);
    this.#special = new RegExp(`[${literal(quote)}${literal(escapeWith)}]`, 'g');
    this.#escaped = `${escapeWith.replace('$', '$$$$')}$&`;
  }

  /** The cell of a value: in quotes where they are needed, or always; quotes inside are escaped as the dialect wants. */
  cell(value: Json | undefined): string {
    if (typeof value === 'string') return this.#text(value);
    if (value === null || value === undefined) return this.quoteAll ? this.#text('') : '';
    return this.#text(typeof value === 'object' ? JSON.stringify(value) : String(value));
  }

  /** A row without its line end. A row of one empty cell is written as two quotes, or readers would take it for a blank line. */
  row(values: readonly (Json | undefined)[]): string {
    let text = '';
    for (let i = 0; i < values.length; i++) text += i === 0 ? this.cell(values[i]) : this.dialect.separator + this.cell(values[i]);
    return text === '' ? this.empty : text;
  }

  record(record: DataRecord, columns: readonly string[]): string {
    const { separator } = this.dialect;
    let text = '';
    for (let i = 0; i < columns.length; i++) {
      const name = columns[i] as string;
      const value = record[name];
      if (i > 0) text += separator;
      text += typeof value === 'string' ? this.#text(value) : this.cell(Object.hasOwn(record, name) ? value : undefined);
    }
    return text === '' ? this.empty : text;
  }

  get empty(): string {
    return this.dialect.quote + this.dialect.quote;
  }

  #text(text: string): string {
    const { quote } = this.dialect;
    if (this.#needsQuotes.test(text)) return quote + text.replace(this.#special, this.#escaped) + quote;
    if (!this.quoteAll) return text;
    return this.dialect.escapeWith === quote ? quote + text + quote : quote + text.replace(this.#special, this.#escaped) + quote;
  }
}
