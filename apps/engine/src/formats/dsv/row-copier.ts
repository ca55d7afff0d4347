import type { RowColumn } from '#dataflow';
import { ByteWriter } from './byte-writer.ts';
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

/** Delimited text of rows in the dialect they came in: cells that no step computed are copied as bytes. */
export function copyRows(rows: DsvRows, cells: CellWriter, lineEnd: string): Uint8Array {
  const { block, columns, size } = rows;
  const { bounds, marks, stride, separatorLength } = block;
  const segments = planSegments(columns, cells, lineEnd);
  const read = rows.cellReaders(columns);
  const text = rows.text();
  const emptyRow = Buffer.byteLength(lineEnd);
  const out = new ByteWriter(estimateBytes(rows, segments), block.bytes);
  for (let i = 0; i < size; i++) {
    const row = rows.rowAt(i);
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

function estimateBytes({ span, size }: DsvRows, segments: readonly Segment[]): number {
  const fixed = segments.reduce((sum, segment) => sum + ('bytes' in segment ? segment.bytes.length : 0), 0);
  return span.end - span.start + size * fixed;
}
