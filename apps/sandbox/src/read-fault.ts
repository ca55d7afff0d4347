import { isObject, type Json } from './json.ts';

/** The fields a fault may have, with the type of each. */
export type FaultFields = Readonly<Record<string, 'string' | 'number' | 'boolean'>>;

/** Checks a fault that came as JSON. Throws TypeError in plain words. */
export function readFault<Fault extends object>(value: Json, fields: FaultFields): Fault {
  if (!isObject(value)) throw new TypeError('A fault must be a JSON object');
  for (const [name, given] of Object.entries(value)) {
    const wanted = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (wanted === undefined) throw new TypeError(`A fault has no field '${name}', only ${Object.keys(fields).join(', ')}`);
    if (typeof given !== wanted) throw new TypeError(`The fault's ${name} must be a ${wanted}`);
  }
  return value as Fault;
}
