import { ConfigError, type Json } from '#dataflow';
import { fieldsOf, type Salesforce } from './client.ts';

export interface SObjectField {
  name: string;
  /** Can name a record in an upsert: an external id, or a standard field that identifies. */
  identifies: boolean;
}

/** What a person and the platform need to know of an object. */
export interface SObjectType {
  /** API name: `Contact`. */
  name: string;
  /** The field of this name in any letter case. */
  field(name: string): SObjectField | undefined;
  /** True for `Account.UID__c`: a parent named by its own external id. */
  isParentField(path: string): boolean;
  /** Accounts of persons are told apart from those of companies. */
  hasPersonAccounts: boolean;
}

export async function describeSObject(salesforce: Salesforce, name: string): Promise<SObjectType> {
  const { json } = await salesforce.call({ path: `sobjects/${name}/describe` });
  const { fields: list } = fieldsOf(json);
  const described = (Array.isArray(list) ? list : []).map((field: Json) => fieldsOf(field));
  const fields = new Map(
    described.map(({ name: field, externalId, idLookup }) => [
      String(field).toLowerCase(),
      { name: String(field), identifies: externalId === true || idLookup === true },
    ]),
  );
  const parents = new Set(described.flatMap(({ relationshipName }) => (typeof relationshipName === 'string' ? [relationshipName] : [])));
  return {
    name,
    field: (field) => fields.get(field.toLowerCase()),
    isParentField: (path) => parents.has(path.split('.')[0] ?? '') && path.split('.').length === 2,
    hasPersonAccounts: fields.has('ispersonaccount'),
  };
}

/** The API name of a field a parameter names. Throws ConfigError when there is none. */
export function requiredField(type: SObjectType, name: string, param: string): SObjectField {
  const field = type.field(name.trim());
  if (field) return field;
  throw new ConfigError(
    `${type.name} has no field ${name.trim()}, which ${param} names. Give its API name; custom fields end with __c, and the user must be allowed to see it.`,
    {
      code: 'invalidParameter',
      field: `params.${param}`,
    },
  );
}
