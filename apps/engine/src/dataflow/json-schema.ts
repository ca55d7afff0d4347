import type { Json } from './json.ts';
import type { ParamMeta } from './params.ts';

/** The JSON Schema of a parameter, as far as components use it, with everything the parameter says about itself. */
export interface JSONSchema extends Partial<ParamMeta> {
  type?: string | string[];
  default?: Json;
  enum?: Json[];
  const?: Json;
  anyOf?: JSONSchema[];
  oneOf?: JSONSchema[];
  allOf?: JSONSchema[];
  properties?: Record<string, JSONSchema>;
  required?: string[];
  items?: JSONSchema;
  additionalProperties?: JSONSchema | boolean;
  propertyNames?: JSONSchema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  /** On an object: at least one parameter of each group must be set. */
  requireOneOf?: string[][];
  $ref?: string;
  $defs?: Record<string, JSONSchema>;
  $schema?: string;
}

/** The property of an object schema that a stored name means, by its present or an older name. */
export function propertyNamed(schema: JSONSchema | undefined, name: string): { name: string; schema: JSONSchema } | undefined {
  const properties = schema?.properties ?? {};
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (own) return { name, schema: own };
  const older = Object.entries(properties).find(([, property]) => property.formerly?.includes(name));
  return older && { name: older[0], schema: older[1] };
}

/** One value inside a step's params with what is known about it. */
export interface ParamValue {
  value: Json;
  /** Undefined for a parameter the component does not know. */
  schema: JSONSchema | undefined;
  /** Name of the nearest property. */
  name: string;
  /** As issues write it, without `params.`: `fields[2].targetField`. */
  path: string;
}

/** Every text, number, boolean and null inside params. */
export function* leavesOf(params: Json, schema: JSONSchema | undefined, at = { name: '', path: '' }): Generator<ParamValue> {
  if (Array.isArray(params)) {
    for (const [i, item] of params.entries()) yield* leavesOf(item, schema?.items, { name: at.name, path: `${at.path}[${i}]` });
  } else if (typeof params === 'object' && params !== null) {
    for (const [name, value] of Object.entries(params)) {
      const path = at.path === '' ? name : `${at.path}.${name}`;
      yield* leavesOf(value, propertyNamed(schema, name)?.schema, { name, path });
    }
  } else yield { value: params, schema, ...at };
}
