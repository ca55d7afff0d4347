import { isObject, type Json, type JsonObject } from '../../json.ts';

/** `change` laid over `old`: objects merge field by field, everything else replaces, null removes. Neither is changed. */
export function merge(old: Json | undefined, change: JsonObject): JsonObject {
  const merged: JsonObject = isObject(old) ? { ...old } : {};
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete merged[name];
    else setOwn(merged, name, isObject(value) ? merge(own(merged, name), value) : value);
  }
  return merged;
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Also for a field called `__proto__`, which must stay an ordinary field. */
function setOwn(object: JsonObject, name: string, value: Json | undefined): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
