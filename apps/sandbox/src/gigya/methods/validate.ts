import { isObject, type Json, type JsonObject } from '../../json.ts';
import { ApiError, type ValidationError } from '../api-error.ts';
import { type FieldType, type Schema, siteSchema } from './schema.ts';

const address = /^[^\s@"(),:;<>[\\\]]+@[^\s@]+\.[^\s@.]+$/;
/** Fields the server adds below schema fields by itself, such as doubleOptIn, are never dynamic. */
const serverFields = new Set(['doubleOptIn']);

export const isAddress = (text: string): boolean => address.test(text);

export interface Findings {
  wrong: ValidationError[];
  /** Fields the schema does not know. */
  dynamic: string[];
}

/** Checks the groups of an account against the schema. Throws 400009 for wrong values, 400024 for unknown fields of a closed schema. */
export function validateGroups(groups: JsonObject, { dynamicSchema }: { dynamicSchema: boolean }): void {
  const findings: Findings = { wrong: [], dynamic: [] };
  for (const [name, schema] of Object.entries(siteSchema)) {
    const group = groups[name];
    if (group !== undefined) checkFields(group, schema, { path: name, findings });
  }
  if (findings.wrong.length > 0) {
    const fields = findings.wrong.map(({ fieldName }) => fieldName).join(', ');
    throw new ApiError(400009, `Schema validation failed for ${fields}`, findings.wrong);
  }
  if (!dynamicSchema && findings.dynamic.length > 0) {
    throw new ApiError(400024, `The schema does not know ${findings.dynamic.join(', ')}`);
  }
}

function checkFields(value: Json, schema: Schema, { path, findings }: { path: string; findings: Findings }): void {
  if (!isObject(value)) {
    findings.wrong.push(wrong(path, 'object'));
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const type = Object.hasOwn(schema, name) ? schema[name] : schema['*'];
    const fieldPath = `${path}.${name}`;
    if (inner === undefined || inner === null || serverFields.has(name)) continue;
    if (type === undefined) findings.dynamic.push(fieldPath);
    else if (typeof type === 'object') checkFields(inner, type, { path: fieldPath, findings });
    else if (!isOfType(inner, type)) findings.wrong.push(wrong(fieldPath, type));
  }
}

function isOfType(value: Json, type: Exclude<FieldType, Schema>): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'email':
      return typeof value === 'string' && isAddress(value);
    case 'integer':
      return Number.isInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
  }
}

function wrong(fieldName: string, type: string): ValidationError {
  return { fieldName, message: `Unallowed value for field: ${fieldName} must be of type ${type}`, errorCode: 400006 };
}
