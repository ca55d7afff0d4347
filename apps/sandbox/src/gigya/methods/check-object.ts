import { isObject, type Json, type JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';

const nameOfField = /^[A-Za-z]\w*$/;
const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{1,2}(?::?\d{2})?)?)?$/;

/** Suffixes by which a field's name states its type. */
const typed: Readonly<Record<string, { type: string; fits(value: Json): boolean }>> = {
  i: { type: 'integer', fits: (value) => Number.isInteger(value) },
  f: { type: 'float', fits: (value) => typeof value === 'number' },
  s: { type: 'string', fits: (value) => typeof value === 'string' },
  t: { type: 'text', fits: (value) => typeof value === 'string' },
  b: { type: 'boolean', fits: (value) => typeof value === 'boolean' },
  d: { type: 'date', fits: (value) => typeof value === 'string' && date.test(value) },
};

/** Names and values of an object to store. Throws 400006 for a name, 400023 for a value of another type, 400026 for a date. */
export function checkObject(object: JsonObject, path: string): void {
  for (const [name, value] of Object.entries(object)) {
    const here = `${path}.${name}`;
    if (!nameOfField.test(name))
      throw new ApiError(400006, `Invalid argument: ${here}: names begin with a letter and hold letters, digits and underscores`);
    for (const one of Array.isArray(value) ? value : [value]) checkValue(one, name, here);
  }
}

function checkValue(value: Json | undefined, name: string, path: string): void {
  if (value === undefined || value === null) return;
  if (isObject(value)) {
    checkObject(value, path);
    return;
  }
  const suffix = /_([a-z])$/.exec(name)?.[1];
  const rule = suffix === undefined ? undefined : typed[suffix];
  if (!rule || rule.fits(value)) return;
  throw new ApiError(rule.type === 'date' ? 400026 : 400023, `${path} must be of type ${rule.type}`);
}
