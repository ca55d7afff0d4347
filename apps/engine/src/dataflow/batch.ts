import type { DataRecord, Json } from './json.ts';
import type { JsonLines } from './json-lines.ts';

/**
 * Where the value of a column comes from: a cell of the source row, a constant, or a function of the row.
 * Steps that only rename, remove, add or reorder fields change this list and leave the bytes alone.
 */
export type RowColumn =
  | { readonly name: string; readonly cell: number }
  | { readonly name: string; readonly constant: Json }
  | {
      readonly name: string;
      /** The columns `compute` reads: the list as the step that computes found it. */
      readonly from: readonly RowColumn[];
      /** Undefined: the record has no such field. Called once for each row and use; must not keep `row`. */
      readonly compute: (row: RowReader) => Json | undefined;
    }
  | {
      readonly name: string;
      /** Number of the list, made by {@link Rows.withResults}, that holds the values. */
      readonly result: number;
      /** Every row has a value. */
      readonly always: boolean;
      /** Where a row finds its value when the list has none; without it the row has no such field. */
      readonly otherwise: RowColumn | undefined;
    };

/** What a step that looked at rows one by one made of them. Positions count the rows that are kept, from 0. */
export interface RowResults {
  /** Numbers of the rows that go on, ascending; undefined for all of them. */
  kept: readonly number[] | undefined;
  columns: readonly RowResult[];
}

/** New values of one field; it stands in the place of the column of that name, else last. */
export interface RowResult {
  name: string;
  /** One for each kept row. Those at `same` and `gone` mean nothing. */
  values: readonly Json[];
  /** Positions that keep the value they had; of a new field, that do not get it. */
  same: readonly number[];
  /** Positions that have no such field any more. */
  gone: readonly number[];
}

/** Rows as another process can read them without this one decoding a cell. */
export interface RowText {
  facts: RowFacts;
  /** JSON: for each column with `values`, the value of each row. */
  values: string;
  /** What `bounds` are counted from. */
  base: number;
  /** For each row `stride` offsets of its cells: cell c stands from `[c] + separatorLength` to `[c + 1]`, quotes included. */
  bounds: Int32Array;
  /** The marks of each cell under the number of its end: 1 has bytes above 127, 2 stands in quotes, 4 has escaped quotes. */
  marks: Uint8Array;
  text: Uint8Array;
}

/** What stays the same for all rows of a file. */
export interface RowFacts {
  columns: readonly ({ name: string; cell: number } | { name: string; constant: Json } | { name: string; values: number })[];
  stride: number;
  separatorLength: number;
  quote: string;
  escapeWith: string;
  inferTypes: boolean;
}

/** Reads one row by the column names of the `from` list it was made for; undefined when there is no such column. */
export interface RowReader {
  get(name: string): Json | undefined;
}

/**
 * Rows of a delimited file that nobody has needed as objects yet. The format that made them decodes them;
 * a formatter that speaks the same dialect may copy the bytes of cells it need not touch.
 */
export interface Rows {
  readonly size: number;
  readonly columns: readonly RowColumn[];
  /** The same rows under another column list. Shares the bytes. */
  withColumns(columns: readonly RowColumn[]): Rows;
  /** Rows `start` to `end` (exclusive). Shares the bytes. */
  slice(start: number, end: number): Rows;
  /** One plain object for each row, keys in column order; of two columns with one name the later one counts. */
  toRecords(): DataRecord[];
  /** The text of {@link toRecords} as one JSON list, in UTF-8. */
  toJson(): Uint8Array;
  /** The values of all columns, row after row, as one JSON list in UTF-8; undefined when a row lacks one. */
  valuesToJson(): Uint8Array | undefined;
  /** The text of {@link toRecords}, one JSON object on each line; undefined when its keys would not stand in column order. */
  toJsonLines(): Uint8Array | undefined;
  /** The rows for a step in another process; undefined when they have to be decoded for it. */
  toText(): RowText | undefined;
  /** The rows a step kept, with what it changed. Shares the bytes. */
  withResults(results: RowResults): Rows;
}

/** Records on their way between two steps: plain objects, or rows or JSON lines not decoded yet. Immutable but for its records, which belong to the step that holds the batch. */
export class Batch {
  #records: DataRecord[] | undefined;
  #rows: Rows | undefined;
  #lines: JsonLines | undefined;

  private constructor(records: DataRecord[] | undefined, rows?: Rows, lines?: JsonLines) {
    this.#records = records;
    this.#rows = rows;
    this.#lines = lines;
  }

  static of(records: DataRecord[]): Batch {
    return new Batch(records);
  }

  static ofRows(rows: Rows): Batch {
    return new Batch(undefined, rows);
  }

  static ofLines(lines: JsonLines): Batch {
    return new Batch(undefined, undefined, lines);
  }

  get size(): number {
    return this.#records?.length ?? (this.#rows ?? this.#lines)?.size ?? 0;
  }

  /** The rows, as long as nobody asked for records. */
  get rows(): Rows | undefined {
    return this.#rows;
  }

  /** The JSON lines, as long as nobody asked for records. */
  get lines(): JsonLines | undefined {
    return this.#lines;
  }

  /** The records; rows and lines are decoded on first use and then let go. */
  get records(): DataRecord[] {
    if (this.#records === undefined) {
      this.#records = (this.#rows ?? this.#lines)?.toRecords() ?? [];
      this.#rows = undefined;
      this.#lines = undefined;
    }
    return this.#records;
  }

  /** The records as one JSON list, in UTF-8. What is undecoded stays so. */
  toJson(): Uint8Array {
    return (this.#rows ?? this.#lines)?.toJson() ?? new TextEncoder().encode(JSON.stringify(this.records));
  }

  /** Records `start` to `end` (exclusive) as a batch of their own. What is undecoded stays so. */
  slice(start: number, end: number): Batch {
    if (this.#lines) return Batch.ofLines(this.#lines.slice(start, end));
    return this.#rows ? Batch.ofRows(this.#rows.slice(start, end)) : Batch.of(this.records.slice(start, end));
  }

  /** A batch that another branch may change without this one noticing. */
  copy(): Batch {
    if (this.#lines) return Batch.ofLines(this.#lines);
    return this.#rows ? Batch.ofRows(this.#rows) : Batch.of(this.records.map(copyRecord));
  }
}

/** A deep copy of a record. */
export const copyRecord = (record: DataRecord): DataRecord => copyJson(record) as DataRecord;

/** A deep copy of a value. */
export function copyJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  const copy: DataRecord = {};
  for (const key of Object.keys(value)) {
    const inner = value[key] as Json;
    const copied = typeof inner === 'object' && inner !== null ? copyJson(inner) : inner;
    if (key === '__proto__') Object.defineProperty(copy, key, { value: copied, enumerable: true, configurable: true, writable: true });
    else copy[key] = copied;
  }
  return copy;
}
