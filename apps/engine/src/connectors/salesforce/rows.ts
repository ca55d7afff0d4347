import { type DataRecord, type Json, RecordError } from '#dataflow';
import type { SObjectType } from './sobject.ts';

/** Clears a field, as in the data loading tools of the platform. */
export const CLEAR = '#N/A';

/** How the fields of a record are written. */
export interface Row {
  record: DataRecord;
  /** API name to value; `#N/A` clears, names with a dot name a parent. Without the record's Id. */
  values: Map<string, string | number | boolean>;
  /** The record id given in `Id`. */
  id: string | undefined;
  /** Values of primaryId and lookupId, as texts; undefined when empty. */
  primary: string | undefined;
  lookup: string | undefined;
}

export interface Keys {
  primaryId: string;
  lookupId: string;
}

/**
 * Reads a record as a row of an object. Null and empty texts are left out, so they leave the field alone; lists become the text of
 * a multi-select picklist. Throws RecordError for a field the object does not have, and for a record without any key.
 */
export function rowOf(record: DataRecord, type: SObjectType, { primaryId, lookupId }: Keys): Row {
  const values: Row['values'] = new Map();
  let id: string | undefined;
  for (const [path, value] of leaves(record)) {
    const name = type.field(path)?.name ?? (type.isParentField(path) ? path : undefined);
    if (name === undefined) throw refused(`INVALID_FIELD:No such column '${path}' on sobject of type ${type.name}:${path} --`);
    const text = plainValue(value);
    if (text === undefined) continue;
    if (name === 'Id') id = String(text);
    else values.set(name, text);
  }
  const keyOf = (name: string) => {
    const value = name === 'Id' ? id : values.get(name);
    return value === undefined || value === CLEAR ? undefined : String(value);
  };
  const row = { record, values, id, primary: keyOf(primaryId), lookup: keyOf(lookupId) };
  if (row.primary !== undefined || row.lookup !== undefined) return row;
  throw new RecordError(`The record has neither ${primaryId} nor ${lookupId}, so it cannot be looked up.`, { code: 'invalidRecord' });
}

/** The error of a refused record, in the words the platform's data loading tools and the original use. */
export const refused = (text: string): RecordError => new RecordError(`Update failed.Error: ${text}`, { code: 'invalidRecord' });

/** Fields by their paths; objects are opened, empty ones vanish. */
function leaves(record: DataRecord, prefix = ''): [string, Json][] {
  return Object.entries(record).flatMap(([name, value]): [string, Json][] => {
    const path = prefix + name;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
    return leaves(value, `${path}.`);
  });
}

function plainValue(value: Json): string | number | boolean | undefined {
  if (value === null || value === '') return undefined;
  if (!Array.isArray(value)) return typeof value === 'object' ? undefined : value;
  if (value.some((item) => typeof item === 'object'))
    throw new RecordError('A field holds a list of objects or lists; Salesforce takes single values and lists of texts.', {
      code: 'invalidRecord',
    });
  return value.length === 0 ? undefined : value.join(';');
}

/**
 * Rows in rounds, so that no two of one round share a key: a later record of the same person is written after the earlier one,
 * and finds what that one made.
 */
export function rounds(rows: readonly Row[]): Row[][] {
  const nextRound = new Map<string, number>();
  const result: Row[][] = [];
  for (const row of rows) {
    const keys = [row.primary, row.lookup].flatMap((key, i) => (key === undefined ? [] : [`${i} ${key.toLowerCase()}`]));
    const round = Math.max(...keys.map((key) => nextRound.get(key) ?? 0));
    for (const key of keys) nextRound.set(key, round + 1);
    const others = result[round];
    if (others) others.push(row);
    else result[round] = [row];
  }
  return result;
}
