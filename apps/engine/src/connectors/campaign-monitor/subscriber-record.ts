import type { DataRecord, Json } from '#dataflow';

/**
 * A subscriber of the API as a record: the custom fields become fields of their names, several values of one a list. One that
 * is called like a field of the subscriber itself (`Date`, `State` …) stays under `CustomFields`.
 */
export function subscriberRecord({ CustomFields, ...subscriber }: DataRecord): DataRecord {
  const record: DataRecord = { ...subscriber };
  for (const [name, value] of collected(Array.isArray(CustomFields) ? CustomFields : [])) {
    const home = Object.hasOwn(subscriber, name) ? asObject(record) : record;
    Object.defineProperty(home, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}

function collected(fields: readonly Json[]): Map<string, Json> {
  const values = new Map<string, Json>();
  for (const field of fields) {
    if (typeof field !== 'object' || field === null || Array.isArray(field)) continue;
    const name = String(field.Key).replace(/^\[|\]$/g, '');
    const value = field.Value ?? null;
    const before = values.get(name);
    values.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return values;
}

function asObject(record: DataRecord): DataRecord {
  const home: DataRecord = typeof record.CustomFields === 'object' ? (record.CustomFields as DataRecord) : {};
  record.CustomFields = home;
  return home;
}
