import type { RowFacts } from '#dataflow';

/** The values of the rows of one batch, each read from the text when it is asked for. */
export interface RowSource {
  readonly count: number;
  /** Names of the columns, and the number of each. */
  readonly names: readonly string[];
  readonly index: Readonly<Record<PropertyKey, number | undefined>>;
  value(row: number, column: number): unknown;
}

/** `about` is three lines: the base of the bounds, {@link RowFacts} as JSON, the values of computed columns as JSON. */
export type RowSources = (text: string, bounds: ArrayBuffer, marks: ArrayBuffer, about: string) => RowSource;

/**
 * Reads the text of a delimited file by the offsets of its cells. The text has a character for each byte.
 * Runs inside the isolate: its text is sent there, so it may use nothing from outside.
 */
export function createRowSources(inferType: (text: string) => unknown): RowSources {
  const { parse, stringify } = JSON;
  const { create } = Object;

  const utf8 = (bytes: string): string => {
    let out = '';
    let plain = 0;
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes.charCodeAt(at);
      if (byte < 0x80) {
        at++;
        continue;
      }
      out += bytes.substring(plain, at);
      const more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      let code = byte & (0x3f >> more);
      for (let i = 1; i <= more; i++) code = (code << 6) | (bytes.charCodeAt(at + i) & 0x3f);
      out += String.fromCodePoint(code);
      at += more + 1;
      plain = at;
    }
    return out + bytes.substring(plain);
  };

  /** How the records of one column list are read. */
  interface Layout extends RowFacts {
    index: Record<PropertyKey, number | undefined>;
    names: string[];
    escapes: RegExp;
  }
  let layout: Layout | undefined;
  let layoutText = '';
  const layoutOf = (text: string): Layout => {
    if (layout !== undefined && layoutText === text) return layout;
    const facts = parse(text) as RowFacts;
    const index = create(null) as Layout['index'];
    const names: string[] = [];
    for (let i = 0; i < facts.columns.length; i++) {
      const name = (facts.columns[i] as { name: string }).name;
      names[i] = name;
      index[name] = i;
    }
    const literal = (character: string) => `\\x${(character.charCodeAt(0) + 256).toString(16).slice(1)}`;
    const quote = literal(facts.quote);
    const escaping = literal(facts.escapeWith);
    const escapes = new RegExp(`${quote}(${quote})|${escaping}([${quote}${escaping}])`, 'g');
    layoutText = text;
    layout = { ...facts, index, names, escapes };
    return layout;
  };

  class TextSource implements RowSource {
    readonly count: number;
    readonly names: readonly string[];
    readonly index: Layout['index'];
    readonly #layout: Layout;
    readonly #text: string;
    readonly #bounds: Int32Array;
    readonly #marks: Uint8Array;
    readonly #base: number;
    readonly #values: unknown[][];

    constructor(...[text, bounds, marks, about]: Parameters<RowSources>) {
      const factsAt = about.indexOf('\n') + 1;
      const valuesAt = about.indexOf('\n', factsAt) + 1;
      this.#layout = layoutOf(about.substring(factsAt, valuesAt));
      this.names = this.#layout.names;
      this.index = this.#layout.index;
      this.#values = parse(about.substring(valuesAt)) as unknown[][];
      this.#text = text;
      this.#bounds = new Int32Array(bounds);
      this.#marks = new Uint8Array(marks);
      this.#base = +about.substring(0, factsAt);
      this.count = this.#bounds.length / this.#layout.stride;
    }

    value(row: number, column: number): unknown {
      const source = this.#layout.columns[column] as RowFacts['columns'][number];
      if ('cell' in source) {
        const text = this.#cell(row * this.#layout.stride + source.cell);
        return this.#layout.inferTypes ? inferType(text) : text;
      }
      const value = 'constant' in source ? source.constant : (this.#values[source.values] as unknown[])[row];
      return typeof value === 'object' && value !== null ? parse(stringify(value)) : value;
    }

    #cell(slot: number): string {
      const mark = this.#marks[slot + 1] as number;
      let start = (this.#bounds[slot] as number) + this.#layout.separatorLength - this.#base;
      let end = (this.#bounds[slot + 1] as number) - this.#base;
      if (mark === 0) return this.#text.substring(start, end);
      if (mark & 2) {
        start++;
        end--;
      }
      let text = this.#text.substring(start, end);
      if (mark & 1) text = utf8(text);
      return mark & 4 ? text.replace(this.#layout.escapes, '$1$2') : text;
    }
  }

  return (...parts) => new TextSource(...parts);
}
