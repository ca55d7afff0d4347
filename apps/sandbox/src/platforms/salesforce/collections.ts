import { isObject, type Json, type JsonObject } from '../../json.ts';
import { fieldNamed, objectTypes, type SObjectType } from './objects.ts';
import { type Org, type Save, type SaveResult, sameText } from './org.ts';

/** Most records of one call. */
const RECORDS = 200;

export interface CallFault {
  status: number;
  errorCode: string;
  message: string;
}

const fault = (status: number, errorCode: string, message: string): CallFault => ({ status, errorCode, message });

/** `composite/sobjects`: up to 200 records, each answered for itself, in their order. A record that cannot be read refuses the call. */
export function saveCollection(
  org: Org,
  body: unknown,
  wanted: { operation: 'insert' | 'update' } | { operation: 'upsert'; object: string; key: string },
): SaveResult[] | CallFault {
  const { records, allOrNone = false } = isObject(body) ? body : {};
  if (!Array.isArray(records) || records.length === 0 || allOrNone !== false)
    return fault(400, 'JSON_PARSER_ERROR', 'The request has no list of records, or allOrNone is set, which the stand-in does not do.');
  if (records.length > RECORDS)
    return fault(400, 'EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${RECORDS} records into this call`);
  const rows: { type: SObjectType; row: JsonObject }[] = [];
  for (const record of records) {
    const read = readRecord(record);
    if ('errorCode' in read) return read;
    rows.push(read);
  }
  const save = wanted.operation === 'upsert' ? upsertOf(rows, wanted) : wanted;
  if ('errorCode' in save) return save;
  return saveRows(org, rows, save);
}

/** Saves rows; of rows with one key in a call none is saved. */
export function saveRows(org: Org, rows: readonly { type: SObjectType; row: JsonObject }[], save: Save): SaveResult[] {
  const key = save.operation === 'upsert' ? save.key : 'Id';
  const keyOf = (row: JsonObject) => Object.entries(row).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return rows.map(({ type, row }, i) => {
    const value = save.operation === 'insert' ? undefined : keyOf(row);
    const isTwice = rows.some((other, at) => at !== i && sameText(keyOf(other.row), value));
    if (value !== undefined && isTwice)
      return {
        success: false,
        errors: [{ statusCode: 'DUPLICATE_VALUE', message: `Duplicate external id specified: ${String(value)}`, fields: [key] }],
      };
    return org.save(type, row, save);
  });
}

function upsertOf(
  rows: readonly { type: SObjectType; row: JsonObject }[],
  { object, key }: { object: string; key: string },
): Save | CallFault {
  const type = objectTypes.find(({ name }) => name.toLowerCase() === object.toLowerCase());
  const field = type && fieldNamed(type, key);
  if (!type) return fault(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (!field?.idLookup || field.name === 'Id')
    return fault(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${key}`);
  if (rows.some((row) => row.type !== type)) return fault(400, 'INVALID_TYPE', 'All records must be of the type in the address.');
  if (rows.some(({ row }) => Object.keys(row).some((name) => name.toLowerCase() === 'id')))
    return fault(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.');
  return { operation: 'upsert', key: field.name };
}

function readRecord(record: Json): { type: SObjectType; row: JsonObject } | CallFault {
  const { attributes, ...row } = isObject(record) ? record : {};
  const name = isObject(attributes) ? attributes.type : undefined;
  const type = objectTypes.find((one) => one.name === name);
  if (!type) return fault(400, 'INVALID_TYPE', `sObject type '${String(name)}' is not supported.`);
  for (const [field, value] of Object.entries(row)) {
    const known = fieldNamed(type, field);
    const isReference = type.fields.some(({ relationshipName }) => relationshipName === field) && isObject(value);
    if (isReference) continue;
    if (!known) return fault(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${type.name}`);
    if (!isReadable(known.type, value))
      return fault(
        400,
        'JSON_PARSER_ERROR',
        `Cannot deserialize instance of ${known.type} from VALUE_STRING value ${String(value)} or request may be missing a required field at [line:1, column:1]`,
      );
  }
  return { type, row };
}

/** What the reader of JSON or CSV accepts for a field. */
export function isReadable(type: string, value: Json | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (typeof value === 'object') return false;
  if (type === 'date') return /^\d{4}-\d\d-\d\d$/.test(String(value));
  if (type === 'double') return Number.isFinite(Number(value));
  if (type === 'boolean') return /^(?:true|false|0|1)$/i.test(String(value));
  return true;
}
