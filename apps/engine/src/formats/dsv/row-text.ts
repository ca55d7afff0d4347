import type { Json, RowColumn, RowFacts, RowText } from '#dataflow';
import type { DsvRows } from './rows.ts';

/** Rows for another process: the source's own bytes and offsets, and the values of computed columns. Undefined when one of these is missing. */
export function rowsToText(rows: DsvRows): RowText | undefined {
  const { block, span } = rows;
  const computed = rows.columns.filter((column) => !('cell' in column || 'constant' in column));
  const values = valuesOf(rows, computed);
  if (!values) return undefined;
  return {
    facts: factsOf(rows, computed),
    values: JSON.stringify(values),
    base: span.start,
    ...offsetsOf(rows),
    text: block.bytes.subarray(span.start, span.end),
  };
}

function valuesOf(rows: DsvRows, computed: readonly RowColumn[]): Json[][] | undefined {
  const lists: Json[][] = [];
  for (const read of rows.cellReaders(computed)) {
    const list: Json[] = [];
    for (let i = 0; i < rows.size; i++) {
      const value = read(rows.rowAt(i));
      if (value === undefined) return undefined;
      list.push(value);
    }
    lists.push(list);
  }
  return lists;
}

/** One object for each list of columns, so that whoever sends it can tell that it was sent before. */
const known = new WeakMap<readonly RowColumn[], RowFacts>();

function factsOf({ block, columns }: DsvRows, computed: readonly RowColumn[]): RowFacts {
  const found = known.get(columns);
  if (found) return found;
  const { stride, separatorLength, dialect, inferTypes } = block;
  const facts = {
    columns: columns.map((column) => {
      if ('cell' in column) return { name: column.name, cell: column.cell };
      return 'constant' in column
        ? { name: column.name, constant: column.constant }
        : { name: column.name, values: computed.indexOf(column) };
    }),
    stride,
    separatorLength,
    quote: dialect.quote,
    escapeWith: dialect.escapeWith,
    inferTypes,
  };
  known.set(columns, facts);
  return facts;
}

function offsetsOf({ block, picks, first, size }: DsvRows): { bounds: Int32Array; marks: Uint8Array } {
  const { bounds, marks, stride } = block;
  if (!picks) {
    const [from, to] = [first * stride, (first + size) * stride];
    return { bounds: bounds.subarray(from, to), marks: marks.subarray(from, to) };
  }
  const picked = { bounds: new Int32Array(size * stride), marks: new Uint8Array(size * stride) };
  picks.forEach((row, i) => {
    picked.bounds.set(bounds.subarray(row * stride, (row + 1) * stride), i * stride);
    picked.marks.set(marks.subarray(row * stride, (row + 1) * stride), i * stride);
  });
  return picked;
}
