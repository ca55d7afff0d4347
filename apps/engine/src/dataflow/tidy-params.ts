import { put } from './field-path.ts';
import type { DataRecord, Json } from './json.ts';
import { type JSONSchema, propertyNamed } from './json-schema.ts';

/** Params as the schema expects them, and what was noticed on the way. */
export interface TidyParams {
  params: DataRecord;
  /** Paths the component does not know: `fields[2].colour`. */
  unknown: string[];
  /** Present path to the name it was stored under, where that differs. */
  storedAs: Map<string, string>;
}

/**
 * Brings stored params into the form a schema expects: leaves out what is unset (null, empty text, blanks alone), gives older names their present one,
 * turns `"true"` and `"12"` into what they mean, and finds enum values in any letter case. What it cannot turn it leaves for the schema to refuse.
 * Inside lists of objects an empty text is a value when the schema admits one.
 */
export function tidyParams(schema: JSONSchema, params: DataRecord): TidyParams {
  const unknown: string[] = [];
  const storedAs = new Map<string, string>();

  const object = (at: JSONSchema, value: DataRecord, path: string): DataRecord => {
    const tidy: DataRecord = {};
    for (const [name, inner] of Object.entries(value)) {
      const known = at.properties ? propertyNamed(at, name) : undefined;
      if (known && known.name !== name) {
        if (isSet(value, known.name)) continue;
        storedAs.set(join(path, known.name), name);
      }
      if (!known && at.properties && typeof at.additionalProperties !== 'object') unknown.push(join(path, name));
      if (isUnset(inner, known?.schema, path === '')) continue;
      const innerSchema = known?.schema ?? (typeof at.additionalProperties === 'object' ? at.additionalProperties : undefined);
      put(tidy, known?.name ?? name, any(innerSchema, inner, join(path, known?.name ?? name)));
    }
    return tidy;
  };

  const any = (at: JSONSchema | undefined, value: Json, path: string): Json => {
    if (Array.isArray(value)) return value.map((item, i) => any(at?.items, item, `${path}[${i}]`));
    if (typeof value === 'object' && value !== null) return at?.properties || at?.additionalProperties ? object(at, value, path) : value;
    return at ? coerce(at, value) : value;
  };

  return { params: object(schema, params, ''), unknown, storedAs };
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
const isSet = (params: DataRecord, name: string) => Object.hasOwn(params, name) && params[name] !== null && params[name] !== '';

function isUnset(value: Json, schema: JSONSchema | undefined, top: boolean): boolean {
  if (value === null) return top || (schema !== undefined && !admits(schema, 'null'));
  if (typeof value === 'string' && value !== '' && value.trim() === '') return schema !== undefined && isBlankUnset(schema);
  if (value !== '') return false;
  return (
    top ||
    (schema !== undefined && !(admits(schema, 'string') && (schema.minLength ?? 0) === 0 && !schema.pattern && admitsValue(schema, '')))
  );
}

/** Blanks alone are a slip of whoever typed them where a text must hold something; a separator or an expression may be just that. */
const isBlankUnset = ({ type, minLength = 0, blanks, language }: JSONSchema): boolean =>
  type === 'string' && minLength > 0 && !blanks && language !== 'regex';

const admitsValue = (schema: JSONSchema, value: Json) => schema.enum === undefined || schema.enum.includes(value);

function admits(schema: JSONSchema, type: string): boolean {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.some((option) => admits(option, type));
  return schema.type === undefined || [schema.type].flat().includes(type);
}

const numeric = /^\s*-?\d+(?:\.\d+)?\s*$/;

function coerce(schema: JSONSchema, value: string | number | boolean | null): Json {
  if (value === null || typeof schema.type !== 'string') return value;
  const wanted = schema.type;
  if (wanted === 'boolean' && typeof value === 'string' && /^\s*(?:true|false)\s*$/i.test(value))
    return value.trim().toLowerCase() === 'true';
  if ((wanted === 'number' || wanted === 'integer') && typeof value === 'string' && numeric.test(value)) return Number(value);
  if (wanted !== 'string') return value;
  const text = String(value);
  if (!schema.enum || schema.enum.includes(text)) return text;
  return schema.enum.find((option) => typeof option === 'string' && option.toLowerCase() === text.trim().toLowerCase()) ?? text;
}
