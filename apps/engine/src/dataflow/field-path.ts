import { RecordError } from './errors.ts';
import type { DataRecord, Json } from './json.ts';

/**
 * Field paths. `profile.email` means the key of exactly that name when the record has one, else the nested value;
 * `'profile.email'` in apostrophes means the key of that name only. In an array a number is an index (`emails.0`).
 * Only own properties are read, and `__proto__` is a name like any other.
 */
export interface FieldPath {
  /** The key that is tried first. */
  readonly key: string;
  /** The parts of a nested path; undefined when only {@link key} is meant. */
  readonly parts: readonly string[] | undefined;
}

/** True when the path is written in apostrophes and so names one key literally. */
export const isLiteralPath = (path: string): boolean => path.length > 2 && path.startsWith("'") && path.endsWith("'");

/** Takes a path apart once, so that reading and writing many records need not. */
export function parseFieldPath(path: string): FieldPath {
  if (isLiteralPath(path)) return { key: path.slice(1, -1), parts: undefined };
  const parts = path.split('.');
  return { key: path, parts: parts.length > 1 && parts.every((part) => part !== '') ? parts : undefined };
}

/** Reads the value at a path; undefined when there is none. */
export function compileGet(path: string): (record: DataRecord) => Json | undefined {
  const { key, parts } = parseFieldPath(path);
  const getKey = keyReader(key);
  if (!parts) return getKey;
  const steps = parts.map(partOf);
  return (record) => {
    const literal = getKey(record);
    if (literal !== undefined) return literal;
    let at: Json | undefined = record;
    for (const step of steps) {
      if (typeof at !== 'object' || at === null) return undefined;
      at = readPart(at, step);
    }
    return at;
  };
}

/**
 * Writes the value at a path: over the key of that name when there is one, else nested, making the objects that are missing.
 * Throws a RecordError, and leaves the record as it was, when a value that is no object stands in the way.
 */
export function compileSet(path: string): (record: DataRecord, value: Json) => void {
  const { key, parts } = parseFieldPath(path);
  const getKey = keyReader(key);
  if (!parts) return (record, value) => put(record, key, value);
  const steps = parts.map(partOf);
  return (record, value) => {
    if (getKey(record) !== undefined) put(record, key, value);
    else putNested(record, steps, value);
  };
}

/** Removes the value at a path; says whether there was one. Objects that become empty stay. */
export function compileRemove(path: string): (record: DataRecord) => boolean {
  const { key, parts } = parseFieldPath(path);
  const parents = parts?.slice(0, -1).map(partOf);
  const last = parts?.at(-1) ?? '';
  return (record) => {
    if (Object.hasOwn(record, key)) return delete record[key];
    if (!parents) return false;
    let at: Json | undefined = record;
    for (const step of parents) {
      if (typeof at !== 'object' || at === null) return false;
      at = readPart(at, step);
    }
    if (typeof at !== 'object' || at === null) return false;
    if (Array.isArray(at)) return isIndex(last) && at.splice(Number(last), 1).length > 0;
    return Object.hasOwn(at, last) && delete at[last];
  };
}

/** Sets an own property whatever its name; plain assignment of `__proto__` would change the prototype instead. */
export function put(target: DataRecord, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

const isIndex = (part: string) => /^(?:0|[1-9]\d{0,8})$/.test(part);

/** Plain access is several times faster than a check of ownership, and as safe for names that objects do not inherit. */
const isInherited = (name: string) => name in Object.prototype;

const keyReader = (key: string): ((record: DataRecord) => Json | undefined) =>
  isInherited(key) ? (record) => (Object.hasOwn(record, key) ? record[key] : undefined) : (record) => record[key];

/** One part of a nested path, taken apart for reading. */
interface Part {
  readonly name: string;
  readonly inherited: boolean;
  /** Position in a list; -1 when the name is no number. */
  readonly index: number;
}

const partOf = (name: string): Part => ({ name, inherited: isInherited(name), index: isIndex(name) ? Number(name) : -1 });

function readPart(at: DataRecord | Json[], { name, inherited, index }: Part): Json | undefined {
  if (Array.isArray(at)) return at[index];
  return inherited && !Object.hasOwn(at, name) ? undefined : at[name];
}

function putNested(record: DataRecord, parts: readonly Part[], value: Json): void {
  const last = parts.length - 1;
  let at: DataRecord | Json[] = record;
  for (let i = 0; i <= last; i++) {
    const part = parts[i] as Part;
    if (Array.isArray(at) && (part.index < 0 || part.index > at.length)) throw blocked(parts, i, at);
    const here: Json | undefined = i === last ? undefined : readPart(at, part);
    if (here === undefined || here === null) {
      const inner = i === last ? value : nest(parts.slice(i + 1), value);
      if (Array.isArray(at)) at[part.index] = inner;
      else put(at, part.name, inner);
      return;
    }
    if (typeof here !== 'object') throw blocked(parts, i + 1, here);
    at = here;
  }
}

const nest = (parts: readonly Part[], value: Json): Json =>
  parts.reduceRight<Json>((inner, { name }) => {
    const outer: DataRecord = {};
    put(outer, name, inner);
    return outer;
  }, value);

function blocked(parts: readonly Part[], depth: number, found: Json): RecordError {
  const names = parts.map(({ name }) => name);
  const kind = Array.isArray(found) ? 'a list' : `a ${typeof found}`;
  const where = names.slice(0, depth).join('.');
  const remedy = `Write to another field, or remove ${where} first.`;
  return new RecordError(`Field ${names.join('.')} cannot be set: ${where} holds ${kind}. ${remedy}`, { code: 'invalidRecord' });
}
