import { type DataRecord, isDataRecord, type Json } from '#dataflow';

/** One attribute of a record, with its values as text. */
export interface Attribute {
  name: string;
  values: string[];
}

/**
 * The fields of a record as attributes, in order. Objects give one for each of their fields, under dotted names; lists give their members, and
 * of members that are objects their `name`. Fields without a value give none.
 */
export function attributesOf(record: DataRecord, except: string): Attribute[] {
  return Object.entries(record).flatMap(([name, value]) => (name === except ? [] : attributes(name, value)));
}

function attributes(name: string, value: Json): Attribute[] {
  if (isDataRecord(value)) return Object.entries(value).flatMap(([inner, innerValue]) => attributes(`${name}.${inner}`, innerValue));
  const values = [value]
    .flat()
    .map(textOf)
    .filter((text) => text !== '');
  return values.length === 0 ? [] : [{ name, values }];
}

function textOf(value: Json): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value).trim();
  return Array.isArray(value) || typeof value.name !== 'string' ? '' : value.name.trim();
}
