import { type DataRecord, isDataRecord, put } from '#dataflow';
import { isAggregate, type SelectColumn } from './select-list.ts';
import { dropEmptyFields, nestDottedNames, nullFiller, type Shaper } from './shape-record.ts';

export interface Shape {
  excludeEmptyFields: boolean;
  keepFieldNamesWithDotAsIs: boolean;
}

/** What is done to each record that a search of these columns gave: dots nest, and what is missing becomes null or is left out. */
export function shaperOf(columns: readonly SelectColumn[], { excludeEmptyFields, keepFieldNamesWithDotAsIs }: Shape): Shaper {
  const fillers = excludeEmptyFields
    ? []
    : columns.filter((column) => !isAggregate(column) && column.target !== '*').map(({ target }) => nullFiller(target));
  return (record: DataRecord) => {
    if (!keepFieldNamesWithDotAsIs) nestDottedNames(record);
    if (excludeEmptyFields) dropEmptyFields(record);
    else for (const fill of fillers) fill(record);
  };
}

/** Picks columns out of records that a search gives whole only, as a search that can select would give them. */
export function projector(columns: readonly SelectColumn[]): (record: DataRecord) => DataRecord {
  if (columns.some(({ target }) => target === '*')) return (record) => record;
  const paths = columns.map(({ source, target }) => ({ from: source.split('.'), to: target.split('.') }));
  return (record) => {
    const picked: DataRecord = {};
    for (const { from, to } of paths) copyPath(record, from, { picked, to });
    return picked;
  };
}

function copyPath(record: DataRecord, from: readonly string[], { picked, to }: { picked: DataRecord; to: readonly string[] }): void {
  let value: DataRecord[string] | undefined = record;
  for (const part of from) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part)) return;
    value = value[part];
  }
  if (value === undefined) return;
  let at = picked;
  for (const part of to.slice(0, -1)) {
    const here: DataRecord[string] | undefined = Object.hasOwn(at, part) ? at[part] : undefined;
    const inner: DataRecord = isDataRecord(here) ? { ...here } : {};
    put(at, part, inner);
    at = inner;
  }
  put(at, to.at(-1) ?? '', value);
}
