import type { RowColumn } from './batch.ts';
import { type FieldMove, staysInPlace } from './field-moves.ts';
import { parseFieldPath } from './field-path.ts';
import { overlap } from './field-writes.ts';

type Columns = readonly RowColumn[];

/** Whether every row has a value in the column; one that a step computed may have none. */
export const isAlwaysThere = (column: RowColumn): boolean => ('result' in column ? column.always : !('compute' in column));

/** Whether a path can lead into the column's value. Cells hold text, numbers and booleans only. */
const mayHoldObject = (column: RowColumn) =>
  'compute' in column || 'result' in column || ('constant' in column && typeof column.constant === 'object');

/** The column a path means in every row; undefined when none has the field, `depends` when the answer lies in the rows. */
export function findColumn(columns: Columns, path: string): RowColumn | 'depends' | undefined {
  const { key, parts } = parseFieldPath(path);
  const found = columns.find((column) => column.name === key);
  if (found) return found;
  return parts && columns.some((column) => column.name === parts[0] && mayHoldObject(column)) ? 'depends' : undefined;
}

/** Keeps the columns that the paths mean. Undefined: the answer depends on the rows. */
export function selectColumns(columns: Columns, paths: readonly string[]): Columns | undefined {
  const found = paths.map((path) => ({ nested: parseFieldPath(path).parts !== undefined, column: findColumn(columns, path) }));
  const depends = found.some(({ nested, column }) => column === 'depends' || (nested && column !== undefined && !isAlwaysThere(column)));
  return depends ? undefined : columns.filter((column) => found.some((one) => one.column === column));
}

/** Copies of columns under further names, in order. Undefined: the answer depends on the rows, or would be nested. */
export function copyColumns(columns: Columns, copies: readonly { from: string; to: string }[]): Columns | undefined {
  return copies.reduce<Columns | undefined>((changed, { from, to }) => {
    const source = changed && findColumn(changed, from);
    if (!changed || source === undefined) return changed;
    if (source === 'depends' || !isAlwaysThere(source)) return undefined;
    return writeColumn(changed, to, (name) => ({ ...source, name }));
  }, columns);
}

/** `compileMoves` on the column list of undecoded rows. Undefined: the answer depends on the rows, or is a nested record. */
export function moveColumns(columns: Columns, moves: readonly FieldMove[]): Columns | undefined {
  return moves
    .filter((move) => !staysInPlace(move))
    .reduce<Columns | undefined>((changed, move) => changed && moveColumn(changed, move), columns);
}

function moveColumn(columns: Columns, { from, to }: FieldMove): Columns | undefined {
  const { key, parts } = parseFieldPath(from);
  const source = columns.find((column) => column.name === key);
  if (!source) return parts && columns.some((column) => column.name === parts[0] && mayHoldObject(column)) ? undefined : columns;
  if (parts && !isAlwaysThere(source)) return undefined;
  if (to === undefined) return columns.filter((column) => column.name !== key);
  const target = parseFieldPath(to);
  if (overlap([from, to])) return undefined;
  const present = columns.find((column) => column.name === target.key);
  if (present ? !isAlwaysThere(present) || !isAlwaysThere(source) : target.parts) return undefined;
  return columns
    .filter((column) => column.name !== target.key)
    .map((column) => (column.name === key ? { ...column, name: target.key } : column));
}

/** Writes a column under a path: in the place of the column of that name, else last. Undefined: the field would be nested, or may be. */
export function writeColumn(columns: Columns, path: string, make: (name: string) => RowColumn): Columns | undefined {
  const { key, parts } = parseFieldPath(path);
  const at = columns.findIndex((column) => column.name === key);
  const present = columns[at];
  if (!present) return parts ? undefined : [...columns, make(key)];
  if (!isAlwaysThere(present)) return undefined;
  return columns.flatMap((column, i) => (column.name !== key ? [column] : i === at ? [make(key)] : []));
}
