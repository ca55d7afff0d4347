import { copyRecord, type DataRecord, isDataRecord, type Json, put } from '#dataflow';
import type { SelectColumn } from './select-list.ts';

/**
 * Lays what was found over a record, in place: objects field by field, everything else as a whole. A null of the account
 * never takes the place of a value. `found` may be shared by several records and stays as it is.
 */
export function mergeFound(record: DataRecord, found: DataRecord, takesLookup: boolean): void {
  const dotted = Object.keys(record).some((key) => key.includes('.')) ? record : undefined;
  mergeAt(record, found, { path: '', dotted, takesLookup });
}

interface Merge {
  path: string;
  /** The record, when it has names with dots: such a name is the place of the nested field it spells. */
  dotted: DataRecord | undefined;
  takesLookup: boolean;
}

function mergeAt(target: DataRecord, found: DataRecord, { path, dotted, takesLookup }: Merge): void {
  for (const key of Object.keys(found)) {
    const value = found[key];
    if (value === undefined) continue;
    const here = path === '' ? key : `${path}.${key}`;
    const holder = dotted && Object.hasOwn(dotted, here) ? dotted : target;
    const name = holder === target ? key : here;
    const own: Json | undefined = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (isDataRecord(value) && (isDataRecord(own) || (own === undefined && dotted !== undefined))) {
      const inner: DataRecord = isDataRecord(own) ? own : {};
      mergeAt(inner, value, { path: here, dotted, takesLookup });
      if (inner !== own && Object.keys(inner).length > 0) put(holder, name, inner);
    } else if (own === undefined || own === null || (takesLookup && value !== null)) {
      put(holder, name, copyOf(value));
    }
  }
}

const copyOf = (value: Json): Json => copyRecord({ value }).value as Json;

/** The searched fields that the list does not bring under their own names, and what takes them out of an account again. */
export function fieldsToAdd(columns: readonly SelectColumn[], fields: readonly string[]) {
  const isSelected = (field: string) =>
    columns.some(({ source, target }) => target === '*' || (source === target && (field === source || field.startsWith(`${source}.`))));
  const added = [...new Set(fields)].filter((field) => !isSelected(field));
  const removals = added.map((field) => removeWithParents(field));
  return {
    added,
    remove(account: DataRecord): void {
      for (const remove of removals) remove(account);
    },
  };
}

/** Takes a field out, and the objects it leaves empty. */
function removeWithParents(field: string): (account: DataRecord) => void {
  const parts = field.split('.');
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i));
  return (account) => {
    for (const [i, path] of paths.entries()) {
      const parent = path.slice(0, -1).reduce<Json | undefined>((at, part) => (isDataRecord(at) ? at[part] : undefined), account);
      const name = path.at(-1) ?? '';
      if (!isDataRecord(parent) || !Object.hasOwn(parent, name)) continue;
      const value = parent[name];
      if (i > 0 && !(isDataRecord(value) && Object.keys(value).length === 0)) return;
      delete parent[name];
    }
  };
}
