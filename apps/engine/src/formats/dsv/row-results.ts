import type { Json, RowColumn, RowResult, RowResults } from '#dataflow';
import type { DsvRows, RowRange } from './rows.ts';

/** In a list of results: the row has no such field. */
export const gone = Symbol('gone');

/** For each row of the block the value a step made for it; undefined where it made none. */
export type ResultList = readonly (Json | undefined | typeof gone)[];

/** The kept rows, each changed field as a column that reads a list of results. */
export function applyResults(rows: DsvRows, { kept, columns: changed }: RowResults): { columns: readonly RowColumn[]; range: RowRange } {
  const size = kept?.length ?? rows.size;
  const picks = kept ? Int32Array.from(kept, (position) => rows.rowAt(position)) : rows.picks;
  const row = (position: number) => (picks ? (picks[position] as number) : rows.first + position);
  const lists = changed.map((result) => listOf(result, row, size));
  return { columns: columnsWith(rows, changed, size), range: { first: rows.first, size, picks, results: [...rows.results, ...lists] } };
}

function listOf({ values, same, gone: without }: RowResult, row: (position: number) => number, size: number): ResultList {
  const list: ResultList[number][] = new Array(size === 0 ? 0 : row(size - 1) + 1).fill(undefined);
  for (let i = 0; i < size; i++) list[row(i)] = values[i];
  for (const position of same) list[row(position)] = undefined;
  for (const position of without) list[row(position)] = gone;
  return list;
}

/** Batches of one file mostly change the same fields, and steps behind remember what they made of a column list. */
const known = new WeakMap<readonly RowColumn[], Map<string, readonly RowColumn[]>>();

function columnsWith(rows: DsvRows, changed: readonly RowResult[], size: number): readonly RowColumn[] {
  const kinds = changed.map(({ name, same, gone: without }) => [name, same.length, without.length === size, without.length > 0] as const);
  const key = JSON.stringify([rows.results.length, ...kinds.map(([name, same, ...rest]) => [name, same > 0, ...rest])]);
  const ofColumns = known.get(rows.columns) ?? new Map<string, readonly RowColumn[]>();
  known.set(rows.columns, ofColumns);
  const found = ofColumns.get(key);
  if (found) return found;
  const columns = new Map(rows.columns.map((column) => [column.name, column]));
  kinds.forEach(([name, same, allGone, someGone], i) => {
    const otherwise = columns.get(name);
    if (allGone) columns.delete(name);
    else columns.set(name, { name, result: rows.results.length + i, always: !someGone && (same === 0 || isAlways(otherwise)), otherwise });
  });
  const made = [...columns.values()];
  ofColumns.set(key, made);
  return made;
}

const isAlways = (column: RowColumn | undefined): boolean =>
  column !== undefined && ('result' in column ? column.always : !('compute' in column));
