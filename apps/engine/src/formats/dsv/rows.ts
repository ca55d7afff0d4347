import type { DataRecord, Json, RowColumn, RowReader, Rows } from '#dataflow';
import type { DsvDialect } from './dialect.ts';
import { inferType } from './infer-type.ts';
import { rowsToJson, valuesToJson } from './row-json.ts';
import { cellMark } from './row-scanner.ts';

/** The bytes and cell offsets that a batch of rows shares with all its renamed, cut and copied forms. Layout: see RowScanner. */
export interface RowBlock {
  readonly bytes: Buffer;
  readonly bounds: Int32Array;
  readonly marks: Uint8Array;
  /** Slots of one row. */
  readonly stride: number;
  readonly separatorLength: number;
  readonly dialect: DsvDialect;
  /** Numbers and booleans become typed values. */
  readonly inferTypes: boolean;
}

const { nonAscii, quoted, escaped } = cellMark;

/** Reads the value of one column in the row it is pointed at. */
type ValueReader = (row: number) => Json | undefined;

/** Rows of a delimited text, still as bytes. */
export class DsvRows implements Rows {
  readonly block: RowBlock;
  readonly columns: readonly RowColumn[];
  /** Number of the first row in the block. */
  readonly first: number;
  readonly size: number;

  constructor(block: RowBlock, columns: readonly RowColumn[], range: { first: number; size: number }) {
    this.block = block;
    this.columns = columns;
    this.first = range.first;
    this.size = range.size;
  }

  withColumns(columns: readonly RowColumn[]): DsvRows {
    return new DsvRows(this.block, columns, this);
  }

  slice(start: number, end: number): DsvRows {
    const from = Math.min(Math.max(start, 0), this.size);
    return new DsvRows(this.block, this.columns, { first: this.first + from, size: Math.max(0, Math.min(end, this.size) - from) });
  }

  toRecords(): DataRecord[] {
    const text = this.text();
    const names = this.columns.map((column) => column.name);
    const readers = this.columns.map((column) => valueReader(column, text));
    const records: DataRecord[] = new Array(this.size);
    const build = names.includes('__proto__') ? assignSafely : assign;
    for (let i = 0; i < this.size; i++) records[i] = build(names, readers, this.first + i);
    return records;
  }

  toJson(): Uint8Array {
    return rowsToJson(this);
  }

  valuesToJson(): Uint8Array | undefined {
    return valuesToJson(this);
  }

  /** Readers of the columns' values; rows are counted from the start of the block. */
  cellReaders(columns: readonly RowColumn[]): ValueReader[] {
    const text = this.text();
    return columns.map((column) => valueReader(column, text));
  }

  /** Decodes single cells as text. */
  text(): CellText {
    return new CellText(this.block, this.first, this.size);
  }
}

function assign(names: readonly string[], readers: readonly ValueReader[], row: number): DataRecord {
  const record: DataRecord = {};
  for (let i = 0; i < names.length; i++) {
    const value = (readers[i] as ValueReader)(row);
    if (value !== undefined) record[names[i] as string] = value;
  }
  return record;
}

function assignSafely(names: readonly string[], readers: readonly ValueReader[], row: number): DataRecord {
  const record: DataRecord = {};
  names.forEach((name, i) => {
    const value = readers[i]?.(row);
    if (value !== undefined) Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  });
  return record;
}

function valueReader(column: RowColumn, text: CellText): ValueReader {
  if ('constant' in column) {
    const { constant } = column;
    return typeof constant === 'object' && constant !== null ? () => structuredClone(constant) : () => constant;
  }
  if ('cell' in column) {
    const { cell } = column;
    return text.block.inferTypes ? (row) => inferType(text.cell(row, cell)) : (row) => text.cell(row, cell);
  }
  const reader = new ComputedRow(column.from, text);
  const { compute } = column;
  return (row) => {
    reader.row = row;
    return compute(reader);
  };
}

class ComputedRow implements RowReader {
  row = 0;
  readonly #readers = new Map<string, ValueReader>();
  constructor(columns: readonly RowColumn[], text: CellText) {
    for (const column of columns) this.#readers.set(column.name, valueReader(column, text));
  }
  get(name: string): Json | undefined {
    return this.#readers.get(name)?.(this.row);
  }
}

/** Decodes cells of a block: ASCII cells are cut from one Latin-1 view of all rows, the others decoded one by one. */
export class CellText {
  readonly block: RowBlock;
  readonly #offset: number;
  readonly #end: number;
  #decoded: string | undefined;
  #escapedQuote: RegExp | undefined;

  constructor(block: RowBlock, first: number, size: number) {
    this.block = block;
    const { bounds, stride, separatorLength } = block;
    this.#offset = size === 0 ? 0 : (bounds[first * stride] as number) + separatorLength;
    this.#end = size === 0 ? 0 : (bounds[(first + size) * stride - 1] as number);
  }

  cell(row: number, cell: number): string {
    const { bounds, marks, bytes, stride, separatorLength } = this.block;
    const slot = row * stride + cell;
    let start = (bounds[slot] as number) + separatorLength;
    let end = bounds[slot + 1] as number;
    const mark = marks[slot + 1] as number;
    const offset = this.#offset;
    this.#decoded ??= bytes.toString('latin1', offset, this.#end);
    if (mark === 0) return this.#decoded.substring(start - offset, end - offset);
    if (mark & quoted) {
      start++;
      end--;
    }
    const value = mark & nonAscii ? bytes.toString('utf8', start, end) : this.#decoded.substring(start - offset, end - offset);
    return mark & escaped ? this.#unescape(value) : value;
  }

  #unescape(text: string): string {
    if (!this.#escapedQuote) {
      const { quote, escapeWith } = this.block.dialect;
      const literal = (character: string) => `\\x${character.charCodeAt(0).toString(16)}`;
      this.#escapedQuote = new RegExp(
        `${literal(quote)}(${literal(quote)})|${literal(escapeWith)}([${literal(quote)}${literal(escapeWith)}])`,
        'g',
      );
    }
    return text.replace(this.#escapedQuote, '$1$2');
  }
}
