import { copyRecord, type RowColumn } from './batch.ts';
import { findColumn, isAlwaysThere } from './column-changes.ts';
import type { RecordFunction } from './component.ts';
import { compileGet, compileSet, parseFieldPath, put } from './field-path.ts';
import type { DataRecord, Json } from './json.ts';

/** Stands for every field of the top level. */
export const everyField = '*';

/** Replaces the value at a path, or at {@link everyField}, by what is made of it. A record without the field stays as it is. */
export interface FieldChange {
  path: string;
  change(value: Json): Json;
  /** Whether {@link change} may throw a RecordError. */
  mayFail?: boolean;
}

/** Applies changes in their order, all or none. */
export function compileChanges(changes: readonly FieldChange[]): RecordFunction {
  const steps = changes.map(compileChange);
  const apply = (record: DataRecord): DataRecord => {
    for (const step of steps) step(record);
    return record;
  };
  if (!changes.some(({ mayFail }) => mayFail)) return apply;
  const onTop = changes.every(({ path }) => path === everyField || parseFieldPath(path).parts === undefined);
  return onTop ? (record) => apply({ ...record }) : (record) => apply(copyRecord(record));
}

function compileChange({ path, change }: FieldChange): (record: DataRecord) => void {
  if (path === everyField) {
    return (record) => {
      for (const key of Object.keys(record)) put(record, key, change(record[key] as Json));
    };
  }
  const [get, set] = [compileGet(path), compileSet(path)];
  return (record) => {
    const value = get(record);
    if (value !== undefined) set(record, change(value));
  };
}

/** {@link compileChanges} on the column list of undecoded rows. Undefined: a change may fail, or the answer depends on the rows. */
export function changeColumns(columns: readonly RowColumn[], changes: readonly FieldChange[]): readonly RowColumn[] | undefined {
  if (changes.some(({ mayFail }) => mayFail)) return undefined;
  return changes.reduce<readonly RowColumn[] | undefined>((changed, change) => changed && changeColumn(changed, change), columns);
}

function changeColumn(columns: readonly RowColumn[], { path, change }: FieldChange): readonly RowColumn[] | undefined {
  if (path === everyField) return columns.map((column) => changedColumn(column, change));
  const found = findColumn(columns, path);
  if (found === undefined || found === 'depends') return found === 'depends' ? undefined : columns;
  if (parseFieldPath(path).parts && !isAlwaysThere(found)) return undefined;
  return columns.map((column) => (column.name === found.name ? changedColumn(column, change) : column));
}

function changedColumn(column: RowColumn, change: (value: Json) => Json): RowColumn {
  const { name } = column;
  if ('constant' in column) return { name, constant: change(column.constant) };
  return {
    name,
    from: [column],
    compute: (row) => {
      const value = row.get(name);
      return value === undefined ? undefined : change(value);
    },
  };
}

/** Applies a change to every text in a value, in lists and objects at any depth. Returns the value itself or a new one. */
export function changeTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => changeTexts(item, change));
  const changed: DataRecord = {};
  for (const key of Object.keys(value)) put(changed, key, changeTexts(value[key] as Json, change));
  return changed;
}
