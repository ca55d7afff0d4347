import { Batch, type DataRecord, type RowColumn } from '#dataflow';
import type { BatchEncoder } from '../parts.ts';
import { ByteWriter } from './byte-writer.ts';
import { CellWriter } from './cell-writer.ts';
import { type DsvDialect, sameDialect } from './dialect.ts';
import { copyRows } from './row-copier.ts';
import { DsvRows } from './rows.ts';

export interface DsvFormatOptions {
  dialect: DsvDialect;
  /** Quotes around every cell, not only where they are needed. */
  quoteFields: boolean;
  header: boolean;
  lineEnd: string;
  /** The columns, in order; without them the fields of the first batch's records, in order of appearance. */
  columns?: readonly string[] | undefined;
  /** Called once for each field that has no column, when columns were not given. */
  onUnknownField(name: string): void;
}

const nothing = new Uint8Array(0);

/** Records to delimited text. Objects and arrays become JSON text in their cell, null and missing values empty cells. */
export class DsvEncoder implements BatchEncoder {
  readonly between = nothing;
  readonly tail = nothing;
  readonly #options: DsvFormatOptions;
  readonly #cells: CellWriter;
  #columns: readonly string[] | undefined;
  #known = new Set<string>();
  /** About what one record takes, as learned from the batch before. */
  #recordBytes = 128;
  #lastKeys: readonly string[] | readonly RowColumn[] = [];

  constructor(options: DsvFormatOptions) {
    this.#options = options;
    this.#cells = new CellWriter(options.dialect, options.quoteFields);
    this.#columns = options.columns;
  }

  head(first: Batch | undefined): Uint8Array {
    const columns = this.#columnsFor(first ?? Batch.of([]));
    if (!this.#options.header || columns.length === 0) return nothing;
    return Buffer.from(this.#cells.row(columns) + this.#options.lineEnd);
  }

  encode(batch: Batch): Uint8Array {
    const columns = this.#columnsFor(batch);
    const { rows } = batch;
    if (rows instanceof DsvRows && sameDialect(rows.block.dialect, this.#options.dialect)) return this.#encodeRows(rows, columns);
    return this.#encodeRecords(batch.records, columns);
  }

  #encodeRows(rows: DsvRows, columns: readonly string[]): Uint8Array {
    if (this.#lastKeys !== rows.columns) this.#warn(rows.columns.map((column) => column.name));
    this.#lastKeys = rows.columns;
    const named = new Map(rows.columns.map((column) => [column.name, column]));
    const ordered = columns.map((name) => named.get(name) ?? { name, constant: '' });
    return copyRows(rows.withColumns(ordered), this.#cells, this.#options.lineEnd);
  }

  #encodeRecords(records: readonly DataRecord[], columns: readonly string[]): Uint8Array {
    const lineEnd = Buffer.from(this.#options.lineEnd);
    const out = new ByteWriter(this.#recordBytes * records.length);
    for (const record of records) {
      const found = this.#cells.record(out, record, columns);
      out.bytes(lineEnd);
      if (this.#options.columns === undefined && Object.keys(record).length > found) this.#warn(Object.keys(record));
    }
    if (records.length > 0) this.#recordBytes = Math.ceil(out.length / records.length) + 16;
    return out.take();
  }

  #columnsFor(batch: Batch): readonly string[] {
    if (this.#columns) return this.#columns;
    const names = batch.rows ? batch.rows.columns.map((column) => column.name) : batch.records.flatMap((record) => Object.keys(record));
    if (batch.size === 0) return names;
    this.#known = new Set(names);
    this.#columns = [...this.#known];
    return this.#columns;
  }

  #warn(names: readonly string[]): void {
    if (this.#options.columns) return;
    for (const name of names) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      this.#options.onUnknownField(name);
    }
  }
}
