import type { DataRecord, Json } from './json.ts';

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
    };

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
}

/** Records on their way between two steps: plain objects, or rows not decoded yet. Immutable but for its records, which belong to the step that holds the batch. */
export class Batch {
  #records: DataRecord[] | undefined;
  #rows: Rows | undefined;

  private constructor(records: DataRecord[] | undefined, rows: Rows | undefined) {
    this.#records = records;
    this.#rows = rows;
  }

  static of(records: DataRecord[]): Batch {
    return new Batch(records, undefined);
  }

  static ofRows(rows: Rows): Batch {
    return new Batch(undefined, rows);
  }

  get size(): number {
    return this.#records?.length ?? this.#rows?.size ?? 0;
  }

  /** The rows, as long as nobody asked for records. */
  get rows(): Rows | undefined {
    return this.#rows;
  }

  /** The records; rows are decoded on first use and then let go. */
  get records(): DataRecord[] {
    if (this.#records === undefined) {
      this.#records = this.#rows?.toRecords() ?? [];
      this.#rows = undefined;
    }
    return this.#records;
  }

  /** Records `start` to `end` (exclusive) as a batch of their own. Undecoded rows stay undecoded. */
  slice(start: number, end: number): Batch {
    return this.#rows ? Batch.ofRows(this.#rows.slice(start, end)) : Batch.of(this.records.slice(start, end));
  }

  /** A batch that another branch may change without this one noticing. */
  copy(): Batch {
    return this.#rows ? Batch.ofRows(this.#rows) : Batch.of(this.records.map(copyRecord));
  }
}

/** A deep copy of a record. */
export const copyRecord = (record: DataRecord): DataRecord => copyJson(record) as DataRecord;

function copyJson(value: Json): Json {
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
