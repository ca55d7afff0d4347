import { type DataRecord, isDataRecord, type Json, put } from '#dataflow';

/** Changes a record of an answer in place. */
export type Shaper = (record: DataRecord) => void;

/** Gives a field that a select list names but the answer lacks the value null. A value that is no object, or a list, is left alone. */
export function nullFiller(path: string): Shaper {
  const parts = path.split('.');
  return (record) => {
    let at = record;
    for (const [i, part] of parts.entries()) {
      const here: Json | undefined = Object.hasOwn(at, part) ? at[part] : undefined;
      if (i === parts.length - 1) {
        if (here === undefined) put(at, part, null);
        return;
      }
      if (here === undefined || here === null) {
        const made: DataRecord = {};
        put(at, part, made);
        at = made;
      } else if (typeof here === 'object' && !Array.isArray(here)) at = here;
      else return;
    }
  };
}

/** Nulls, empty texts, empty lists and objects that hold nothing else are taken out of a record, at any depth outside lists. */
export function dropEmptyFields(record: DataRecord): void {
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (isDataRecord(value)) dropEmptyFields(value);
    if (isEmpty(value)) delete record[key];
  }
}

function isEmpty(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Turns names with dots into nested objects, at any depth outside lists. A name whose place is taken by a plain value stays as it is. */
export function nestDottedNames(record: DataRecord): void {
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (value === undefined) continue;
    if (isDataRecord(value)) nestDottedNames(value);
    if (key.includes('.') && nestOne(record, key.split('.'), value)) delete record[key];
  }
}

function nestOne(record: DataRecord, parts: readonly string[], value: Json): boolean {
  if (parts.includes('')) return false;
  let at = record;
  for (const part of parts.slice(0, -1)) {
    const here: Json | undefined = Object.hasOwn(at, part) ? at[part] : undefined;
    if (here === undefined) {
      const made: DataRecord = {};
      put(at, part, made);
      at = made;
    } else if (isDataRecord(here)) at = here;
    else return false;
  }
  const last = parts.at(-1) ?? '';
  if (Object.hasOwn(at, last)) return false;
  put(at, last, value);
  return true;
}
