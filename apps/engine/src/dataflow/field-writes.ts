import { copyRecord } from './batch.ts';
import { compileGet, compileSet, parseFieldPath } from './field-path.ts';
import type { DataRecord, Json } from './json.ts';

type Values = readonly (Json | undefined)[];

/** Writes several paths of a record, all or none. An undefined value is not written. */
export interface FieldWrites {
  /** Throws RecordError, and changes nothing, when a value stands in the way of a path. */
  check(record: DataRecord, values: Values): void;
  /** After {@link check} of the same record and values: writes in place and does not throw. */
  apply(record: DataRecord, values: Values): void;
  /** Both; paths that touch each other are written one after the other into a copy. */
  write(record: DataRecord, values: Values): DataRecord;
}

export function compileWrites(paths: readonly string[]): FieldWrites {
  const sets = paths.map(compileSet);
  const blocked = paths.map(compileBlocked);
  const dependent = overlap(paths);
  const check = (record: DataRecord, values: Values) => {
    for (let i = 0; i < sets.length; i++) {
      const value = values[i];
      if (value !== undefined && blocked[i]?.(record) === true) sets[i]?.(record, value);
    }
  };
  const apply = (record: DataRecord, values: Values) => {
    for (let i = 0; i < sets.length; i++) {
      const value = values[i];
      if (value !== undefined) sets[i]?.(record, value);
    }
  };
  const write = (record: DataRecord, values: Values) => {
    const target = dependent ? copyRecord(record) : record;
    if (!dependent) check(target, values);
    apply(target, values);
    return target;
  };
  return { check, apply, write };
}

/** True when one path is another or leads into it, so that the order of changes matters. */
export function overlap(paths: readonly string[]): boolean {
  const seen = paths.map((path) => {
    const { key, parts } = parseFieldPath(path);
    return { key, parts: parts ?? [key] };
  });
  return seen.some((one, i) =>
    seen.slice(i + 1).some((other) => one.key === other.key || leads(one.parts, other.parts) || leads(other.parts, one.parts)),
  );
}

const leads = (parts: readonly string[], into: readonly string[]) =>
  parts.length <= into.length && parts.every((part, i) => part === into[i]);

/** Says of a record whether writing the path would throw. */
function compileBlocked(path: string): ((record: DataRecord) => boolean) | undefined {
  const { key, parts } = parseFieldPath(path);
  if (!parts) return undefined;
  const getKey = compileGet(`'${key}'`);
  return (record) => {
    if (getKey(record) !== undefined) return false;
    let at: Json | undefined = record;
    for (const [i, part] of parts.entries()) {
      if (typeof at !== 'object' || at === null) return at !== undefined && at !== null;
      if (Array.isArray(at)) {
        if (!/^\d+$/.test(part) || Number(part) > at.length) return true;
        at = at[Number(part)];
      } else at = Object.hasOwn(at, part) ? at[part] : undefined;
      if (i < parts.length - 1 && (at === undefined || at === null)) return false;
    }
    return false;
  };
}
