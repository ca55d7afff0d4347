import type { Json, JsonObject } from '../../json.ts';
import { fieldNamed, objectTypes, type SObjectField, type SObjectType } from './objects.ts';

export type SObject = JsonObject & { Id: string };

export interface SaveError {
  statusCode: string;
  message: string;
  fields: string[];
}

export interface SaveResult {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: SaveError[];
}

/** How a row finds what it writes. */
export type Save = { operation: 'insert' } | { operation: 'update' } | { operation: 'upsert'; key: string };

/** Records of one organization. */
export class Org {
  readonly #records = new Map<string, SObject[]>(objectTypes.map(({ name }) => [name, []]));
  /** Records by type, identifying field and value, of fields that are unique. */
  readonly #index = new Map<string, SObject>();
  #next = 1;

  constructor() {
    for (const type of objectTypes) {
      const emailField = type.name === 'Account' ? 'PersonEmail' : 'Email';
      const seed = (n: string, uid: string | null) =>
        this.save(
          type,
          { LastName: `Seed ${n}`, Company: 'Example', [emailField]: `seed.${n}@example.com`, UID__c: uid },
          { operation: 'insert' },
        );
      for (let n = 0; n < 40; n++) seed(String(n), n % 2 === 0 ? `seed-${n}` : null);
      seed('twice', null);
      seed('twice', null);
    }
  }

  records({ name }: SObjectType): SObject[] {
    return this.#records.get(name) ?? [];
  }

  /** Saves one row; names are found in any letter case, absent ones stay as they are. */
  save(type: SObjectType, row: JsonObject, save: Save): SaveResult {
    const fields = Object.entries(row).flatMap(([name, value]) => {
      const field = fieldNamed(type, name);
      return field && !(field.name === 'Id') ? [[field, value] as const] : [];
    });
    const errors = fields.flatMap(([field, value]) => faultsOf(field, value));
    if (errors.length > 0) return { success: false, errors };
    const found = this.#find(type, row, save);
    if ('statusCode' in found) return { success: false, errors: [found] };
    const duplicate = this.#duplicate(type, fields, found.record);
    if (duplicate) return { success: false, errors: [duplicate] };
    const values = Object.fromEntries(fields.map(([{ name }, value]) => [name, value === '' ? null : value]));
    const target = found.record;
    const missing = type.missing((name) => ({ ...target, ...values })[name] !== undefined && { ...target, ...values }[name] !== null);
    if (missing.length > 0) {
      const message = `Required fields are missing: [${missing.join(', ')}]`;
      return { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', message, fields: missing }] };
    }
    if (target) {
      for (const { name } of type.fields.filter(isUnique)) this.#index.delete(place(type, name, target[name]));
      Object.assign(target, values);
      this.#enter(type, target);
      return { id: target.Id, success: true, created: false, errors: [] };
    }
    const Id = `${type.keyPrefix}${String(this.#next++).padStart(12, '0')}AAA`;
    const kind = type.name === 'Account' ? { IsPersonAccount: Boolean(values.LastName) } : {};
    const made = { ...values, ...kind, Id };
    this.records(type).push(made);
    this.#enter(type, made);
    return { id: Id, success: true, created: true, errors: [] };
  }

  #find(type: SObjectType, row: JsonObject, save: Save): { record: SObject | undefined } | SaveError {
    if (save.operation === 'insert') return { record: undefined };
    const key = save.operation === 'update' ? 'Id' : save.key;
    const wanted = Object.entries(row).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
    if (wanted === undefined || wanted === null || wanted === '')
      return { statusCode: 'MISSING_ARGUMENT', message: `${key} not specified`, fields: [] };
    const matching = this.#matching(type, key, wanted);
    if (matching.length > 1)
      return {
        statusCode: 'DUPLICATE_EXTERNAL_ID',
        message: `${key}: more than one record found for external id field: [${matching.map(({ Id }) => Id).join(', ')}]`,
        fields: [key],
      };
    const [record] = matching;
    if (!record && save.operation === 'update')
      return { statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] };
    return { record };
  }

  #enter(type: SObjectType, record: SObject): void {
    for (const { name } of type.fields.filter(isUnique))
      if (hasText(record[name])) this.#index.set(place(type, name, record[name]), record);
  }

  #matching(type: SObjectType, key: string, wanted: Json): SObject[] {
    const field = fieldNamed(type, key);
    if (!field || !isUnique(field)) return this.records(type).filter((record) => sameText(record[key], wanted));
    const record = this.#index.get(place(type, field.name, wanted));
    return record ? [record] : [];
  }

  #duplicate(
    type: SObjectType,
    fields: readonly (readonly [SObjectField, Json | undefined])[],
    self: SObject | undefined,
  ): SaveError | undefined {
    for (const [{ name, unique }, value] of fields) {
      if (!unique || value === null || value === undefined || value === '') continue;
      const other = this.#matching(type, name, value).find((record) => record !== self);
      if (other)
        return {
          statusCode: 'DUPLICATE_VALUE',
          message: `duplicate value found: ${name} duplicates value on record with id: ${other.Id}`,
          fields: [],
        };
    }
    return undefined;
  }
}

const isUnique = ({ name, unique }: SObjectField): boolean => unique === true || name === 'Id';
const hasText = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';
const place = ({ name }: SObjectType, field: string, value: Json | undefined): string => `${name} ${field} ${String(value).toLowerCase()}`;

export const sameText = (a: Json | undefined, b: Json | undefined): boolean =>
  a !== undefined && a !== null && b !== undefined && String(a).toLowerCase() === String(b).toLowerCase();

function faultsOf({ name, type, length, readOnly }: SObjectField, value: Json | undefined): SaveError[] {
  const fault = (statusCode: string, message: string) => [{ statusCode, message, fields: [name] }];
  if (readOnly)
    return fault(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    );
  if (value === undefined || value === null || value === '') return [];
  const text = String(value);
  if (length !== undefined && text.length > length)
    return fault('STRING_TOO_LONG', `${name}: data value too large: ${text.slice(0, 60)} (max length=${length})`);
  if (type === 'email' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text))
    return fault('INVALID_EMAIL_ADDRESS', `${name}: invalid email address: ${text}`);
  return [];
}
