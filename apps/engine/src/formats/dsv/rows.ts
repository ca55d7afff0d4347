import { copyJson, type DataRecord, type Json, type RowColumn, type RowReader, type RowResults, type Rows, type RowText } from '#dataflow';
import type { DsvDialect } from './dialect.ts';
import { inferType } from './infer-type.ts';
import { rowsToJson, rowsToJsonLines, valuesToJson } from './row-json.ts';
import { applyResults, gone, type ResultList } from './row-results.ts';
import { cellMark } from './row-scanner.ts';
import { rowsToText } from './row-text.ts';

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

/** The part of a block that a batch holds: the rows from `first` on, or those picked by their number in the block. */
export interface RowRange {
  readonly first: number;
  readonly size: number;
  readonly picks?: Int32Array | undefined;
  readonly results?: readonly ResultList[] | undefined;
}

/** Rows of a delimited text, still as bytes. */
export class DsvRows implements Rows {
  readonly block: RowBlock;
  readonly columns: readonly RowColumn[];
  readonly first: number;
  readonly size: number;
  readonly picks: Int32Array | undefined;
  readonly results: readonly ResultList[];

  constructor(block: RowBlock, columns: readonly RowColumn[], { first, size, picks, results = [] }: RowRange) {
    this.block = block;
    this.columns = columns;
    this.first = first;
    this.size = size;
    this.picks = picks;
    this.results = results;
  }

  /** Number in the block of the row at a position of this batch. */
  rowAt(position: number): number {
    return this.picks ? (this.picks[position] as number) : this.first + position;
  }

  /** Where the text of all rows begins and ends, rows between them that were not picked included. */
  get span(): { start: number; end: number } {
    if (this.size === 0) return { start: 0, end: 0 };
    const { bounds, stride, separatorLength } = this.block;
    return {
      start: (bounds[this.rowAt(0) * stride] as number) + separatorLength,
      end: bounds[(this.rowAt(this.size - 1) + 1) * stride - 1] as number,
    };
  }

  withColumns(columns: readonly RowColumn[]): DsvRows {
    return new DsvRows(this.block, columns, this);
  }

  slice(start: number, end: number): DsvRows {
    const from = Math.min(Math.max(start, 0), this.size);
    const size = Math.max(0, Math.min(end, this.size) - from);
    const picks = this.picks?.subarray(from, from + size);
    return new DsvRows(this.block, this.columns, { first: this.first + from, size, picks, results: this.results });
  }

  withResults(results: RowResults): DsvRows {
    const { columns, range } = applyResults(this, results);
    return new DsvRows(this.block, columns, range);
  }

  toRecords(): DataRecord[] {
    const names = this.columns.map((column) => column.name);
    const readers = this.cellReaders(this.columns);
    const records: DataRecord[] = new Array(this.size);
    const build = names.includes('__proto__') ? assignSafely : assign;
    for (let i = 0; i < this.size; i++) records[i] = build(names, readers, this.rowAt(i));
    return records;
  }

  toJson(): Uint8Array {
    return rowsToJson(this);
  }

  valuesToJson(): Uint8Array | undefined {
    return valuesToJson(this);
  }

  toJsonLines(): Uint8Array | undefined {
    return haveRecordOrder(this.columns) ? rowsToJsonLines(this) : undefined;
  }

  toText(): RowText | undefined {
    return haveRecordOrder(this.columns) ? rowsToText(this) : undefined;
  }

  /** Readers of the columns' values; rows are counted from the start of the block. */
  cellReaders(columns: readonly RowColumn[]): ValueReader[] {
    const text = this.text();
    return columns.map((column) => valueReader(column, text, this.results));
  }

  /** Decodes single cells as text. */
  text(): CellText {
    return new CellText(this.block, this.span);
  }
}

/** Whether an object has the columns as keys in the same order: numbers would come first, and a second key of one name would be none. */
function haveRecordOrder(columns: readonly RowColumn[]): boolean {
  const names = new Set(columns.map(({ name }) => name));
  return names.size === columns.length && !names.has('__proto__') && !columns.some(({ name }) => /^\d+$/.test(name));
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

function valueReader(column: RowColumn, text: CellText, results: readonly ResultList[]): ValueReader {
  if ('constant' in column) {
    const { constant } = column;
    return typeof constant === 'object' && constant !== null ? () => structuredClone(constant) : () => constant;
  }
  if ('cell' in column) {
    const { cell } = column;
    return text.block.inferTypes ? (row) => inferType(text.cell(row, cell)) : (row) => text.cell(row, cell);
  }
  if ('result' in column) {
    const list = results[column.result] ?? [];
    const otherwise = column.otherwise && valueReader(column.otherwise, text, results);
    return (row) => {
      const value = list[row];
      if (value === undefined) return otherwise?.(row);
      return typeof value === 'object' && value !== null ? copyJson(value) : value === gone ? undefined : (value as Json);
    };
  }
  const reader = new ComputedRow(column.from, text, results);
  const { compute } = column;
  return (row) => {
    reader.row = row;
    return compute(reader);
  };
}

class ComputedRow implements RowReader {
  row = 0;
  readonly #readers = new Map<string, ValueReader>();
  constructor(columns: readonly RowColumn[], text: CellText, results: readonly ResultList[]) {
    for (const column of columns) this.#readers.set(column.name, valueReader(column, text, results));
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

  constructor(block: RowBlock, { start, end }: { start: number; end: number }) {
    this.block = block;
    this.#offset = start;
    this.#end = end;
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
