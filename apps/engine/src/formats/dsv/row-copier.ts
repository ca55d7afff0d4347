import type { RowColumn } from '#dataflow';
import type { CellWriter } from './cell-writer.ts';
import { cellMark } from './row-scanner.ts';
import type { DsvRows } from './rows.ts';

/** What one row of the output is put together from. */
type Segment =
  /** Neighbouring cells with the separators between them, as they stand in the source. */
  | { first: number; last: number }
  /** Fixed bytes. */
  | { bytes: Uint8Array }
  /** A value to be written as a cell. */
  | { column: number };

/** Below this many bytes a loop of eight-byte moves beats a call into native code. */
const shortCopy = 192;
const word = 8;

/** Delimited text of rows in the dialect they came in: cells that no step computed are copied as bytes. */
export function copyRows(rows: DsvRows, cells: CellWriter, lineEnd: string): Uint8Array {
  const { block, columns, first, size } = rows;
  const { bounds, marks, stride, separatorLength } = block;
  const segments = planSegments(columns, cells, lineEnd);
  const read = rows.cellReaders(columns);
  const text = rows.text();
  const emptyRow = Buffer.byteLength(lineEnd);
  const out = new ByteWriter(block.bytes, estimateBytes(rows, segments));
  for (let row = first; row < first + size; row++) {
    const base = row * stride;
    const start = out.length;
    const copies = ((marks[base] as number) & cellMark.unusual) === 0;
    for (const segment of segments) {
      if ('bytes' in segment) out.bytes(segment.bytes);
      else if ('column' in segment) out.text(cells.cell(read[segment.column]?.(row)));
      else if (copies) out.copy((bounds[base + segment.first] as number) + separatorLength, bounds[base + segment.last + 1] as number);
      else
        for (let cell = segment.first; cell <= segment.last; cell++) {
          if (cell > segment.first) out.text(cells.dialect.separator);
          out.text(cells.cell(text.cell(row, cell)));
        }
    }
    if (out.length === start + emptyRow) out.replace(start, cells.empty + lineEnd);
  }
  return out.take();
}

function planSegments(columns: readonly RowColumn[], cells: CellWriter, lineEnd: string): Segment[] {
  const segments: Segment[] = [];
  columns.forEach((column, index) => {
    const last = segments.at(-1);
    if ('cell' in column && !cells.quoteAll) {
      if (last && 'last' in last && last.last + 1 === column.cell) {
        last.last = column.cell;
        return;
      }
      segments.push(...separatorBefore(index, cells), { first: column.cell, last: column.cell });
    } else if ('constant' in column) segments.push(...separatorBefore(index, cells), { bytes: Buffer.from(cells.cell(column.constant)) });
    else segments.push(...separatorBefore(index, cells), { column: index });
  });
  return [...segments, { bytes: Buffer.from(lineEnd) }];
}

const separatorBefore = (index: number, cells: CellWriter): Segment[] =>
  index === 0 ? [] : [{ bytes: Buffer.from(cells.dialect.separator) }];

function estimateBytes({ block, first, size }: DsvRows, segments: readonly Segment[]): number {
  if (size === 0) return 0;
  const { bounds, stride } = block;
  const source = (bounds[(first + size) * stride - 1] as number) - (bounds[first * stride] as number);
  const fixed = segments.reduce((sum, segment) => sum + ('bytes' in segment ? segment.bytes.length : 0), 0);
  return source + size * fixed;
}

/** Bytes that grow. Copies in words of eight, so up to seven bytes behind the end are scratch. */
class ByteWriter {
  length = 0;
  readonly #source: Buffer;
  readonly #sourceView: DataView;
  #out: Buffer;
  #outView: DataView;

  constructor(source: Buffer, capacity: number) {
    this.#source = source;
    this.#sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
    this.#out = Buffer.allocUnsafeSlow(capacity + word);
    this.#outView = new DataView(this.#out.buffer, this.#out.byteOffset, this.#out.byteLength);
  }

  /** Bytes `start` to `end` of the source. */
  copy(start: number, end: number): void {
    this.#reserve(end - start);
    let to = this.length;
    this.length = to + end - start;
    if (end - start > shortCopy || end + word > this.#source.length) {
      this.#source.copy(this.#out, to, start, end);
      return;
    }
    const source = this.#sourceView;
    const out = this.#outView;
    for (let from = start; from < end; from += word) {
      out.setBigUint64(to, source.getBigUint64(from, true), true);
      to += word;
    }
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const out = this.#out;
    const at = this.length;
    for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i] as number;
    this.length = at + bytes.length;
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.length += this.#out.write(text, this.length);
  }

  /** Puts a text in place of everything from `start` on. */
  replace(start: number, text: string): void {
    this.length = start;
    this.text(text);
  }

  take(): Uint8Array {
    return this.#out.subarray(0, this.length);
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes + word;
    if (needed <= this.#out.length) return;
    const out = Buffer.allocUnsafeSlow(Math.max(needed, this.#out.length * 2));
    this.#out.copy(out, 0, 0, this.length);
    this.#out = out;
    this.#outView = new DataView(out.buffer, out.byteOffset, out.byteLength);
  }
}
