import { copyRecord } from './batch.ts';
import type { RecordFunction } from './component.ts';
import { compileGet, compileRemove, compileSet, parseFieldPath, put } from './field-path.ts';
import { compileWrites, overlap } from './field-writes.ts';
import type { DataRecord, Json } from './json.ts';

/** Takes the value at `from` away, and puts it at `to` unless that is undefined. A record without `from` stays as it is. */
export interface FieldMove {
  from: string;
  to: string | undefined;
}

/**
 * Applies moves in their order, all or none. A renamed field of the top level stands where its source stood; one that goes into an object
 * or comes out of one stands last, or where a field of its name stood. Objects that become empty stay.
 *
 * Returns the record itself or a new one. Throws RecordError, with the record as it was, when a value stands in the way of a target.
 */
export function compileMoves(moves: readonly FieldMove[]): RecordFunction {
  const real = moves.filter((move) => !staysInPlace(move));
  return overlap(pathsOf(real)) ? inOrder(real) : atOnce(real);
}

/** A field renamed to its own name, with or without apostrophes. */
export function staysInPlace({ from, to }: FieldMove): boolean {
  if (to === undefined || from === to) return from === to;
  const [source, target] = [parseFieldPath(from), parseFieldPath(to)];
  return source.key === target.key && !source.parts && !target.parts;
}

const pathsOf = (moves: readonly FieldMove[]) => moves.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]));

/** Each move sees what the one before left. Slow; for chains of names and for paths that lead into each other. */
function inOrder(moves: readonly FieldMove[]): RecordFunction {
  const steps = moves.map((move) => (overlap(pathsOf([move])) ? intoItself(move) : atOnce([move])));
  return (record) => steps.reduce((changed, step) => step(changed), copyRecord(record));
}

/** `a` to `a.b` and the like: the value is taken away before the target is looked for. Changes the record. */
function intoItself({ from, to }: FieldMove): (record: DataRecord) => DataRecord {
  const [get, remove] = [compileGet(from), compileRemove(from)];
  const set = to === undefined ? undefined : compileSet(to);
  return (record) => {
    const value = get(record);
    if (value === undefined) return record;
    remove(record);
    set?.(record, value);
    return record;
  };
}

/** What is known of one move before any record is seen. */
interface Plan {
  key: string;
  getKey(record: DataRecord): Json | undefined;
  get(record: DataRecord): Json | undefined;
  /** The key a value goes to when it goes to the top level. */
  targetKey: string | undefined;
  /** Whether it goes into an object unless the record has that key. */
  nestsTarget: boolean;
}

/** Moves that do not touch each other: one pass over the keys in place of `delete`, which makes V8 treat the record as a dictionary from then on. */
function atOnce(moves: readonly FieldMove[]): (record: DataRecord) => DataRecord {
  const plans = moves.map(planOf);
  const renameTop = compileTopRename(plans);
  const isTop = (record: DataRecord) => plans.some((plan) => plan.getKey(record) !== undefined);
  if (pathsOf(moves).every((path) => parseFieldPath(path).parts === undefined))
    return (record) => (isTop(record) ? renameTop(record) : record);
  const removeNested = compileNestedRemoval(moves);
  const writes = compileWrites(moves.flatMap(({ to }) => (to === undefined ? [] : [to])));
  const sources = plans.filter((plan) => plan.targetKey !== undefined);
  return (record) => {
    const values = sources.map((plan) => plan.get(record));
    writes.check(record, values);
    const skip = plans.map((plan) => plan.getKey(record) !== undefined);
    const changed = skip.includes(true) ? renameTop(record) : record;
    if (skip.includes(false)) removeNested(changed, skip);
    writes.apply(changed, values);
    return changed;
  };
}

function planOf({ from, to }: FieldMove): Plan {
  const { key } = parseFieldPath(from);
  const target = to === undefined ? undefined : parseFieldPath(to);
  return {
    key,
    getKey: compileGet(`'${key}'`),
    get: compileGet(from),
    targetKey: target?.key,
    nestsTarget: target?.parts !== undefined,
  };
}

/** The record with its top-level sources left out or under their new names. Which names those are follows from its keys alone, and records of one flow mostly have the same. */
function compileTopRename(plans: readonly Plan[]): (record: DataRecord) => DataRecord {
  let seen: readonly string[] = [];
  let names: readonly (string | undefined)[] = [];
  return (record) => {
    const keys = Object.keys(record);
    if (!sameKeys(keys, seen)) {
      seen = keys;
      names = newNames(keys, plans);
    }
    const changed: DataRecord = {};
    for (let i = 0; i < keys.length; i++) {
      const name = names[i];
      if (name !== undefined) put(changed, name, record[keys[i] as string] as Json);
    }
    return changed;
  };
}

function sameKeys(keys: readonly string[], seen: readonly string[]): boolean {
  if (keys.length !== seen.length) return false;
  for (let i = 0; i < keys.length; i++) if (keys[i] !== seen[i]) return false;
  return true;
}

/** What each key is called afterwards; undefined when it goes. */
function newNames(keys: readonly string[], plans: readonly Plan[]): (string | undefined)[] {
  const present = new Set(keys);
  const bySource = new Map(plans.map((plan) => [plan.key, plan]));
  const replaced = new Set(plans.filter((plan) => present.has(plan.key)).map((plan) => plan.targetKey));
  return keys.map((key) => {
    const plan = bySource.get(key);
    if (!plan) return replaced.has(key) ? undefined : key;
    return plan.nestsTarget && !present.has(plan.targetKey ?? '') ? undefined : plan.targetKey;
  });
}

/** Removes what the paths name inside objects; `skip` marks those that were found at the top level. Fields of one object go in one pass. */
function compileNestedRemoval(moves: readonly FieldMove[]): (record: DataRecord, skip: readonly boolean[]) => void {
  const removes = moves.map(({ from }) => compileRemove(from));
  const groups = new Map<string, { parents: readonly string[]; last: Map<string, number> }>();
  moves.forEach(({ from }, index) => {
    const { parts } = parseFieldPath(from);
    if (!parts) return;
    const parents = parts.slice(0, -1);
    const name = JSON.stringify(parents);
    const group = groups.get(name) ?? { parents, last: new Map<string, number>() };
    group.last.set(parts.at(-1) ?? '', index);
    groups.set(name, group);
  });
  return (record, skip) => {
    for (const { parents, last } of groups.values()) {
      const owner = walk(record, parents.slice(0, -1));
      const name = parents.at(-1) ?? '';
      const object = owner && walk(owner, [name]);
      if (!owner || !object) continue;
      const drops = (key: string) => skip[last.get(key) ?? -1] === false;
      if (Array.isArray(owner) || Array.isArray(object)) {
        for (const index of last.values()) if (skip[index] === false) removes[index]?.(record);
      } else put(owner, name, without(object, drops));
    }
  };
}

/** The object or list at a nested place. */
function walk(start: DataRecord | Json[], parts: readonly string[]): DataRecord | Json[] | undefined {
  let at: Json | undefined = start;
  for (const part of parts) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (Array.isArray(at)) at = /^\d+$/.test(part) ? at[Number(part)] : undefined;
    else at = Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}

function without(object: DataRecord, drops: (key: string) => boolean): DataRecord {
  const keys = Object.keys(object);
  if (!keys.some(drops)) return object;
  const kept: DataRecord = {};
  for (const key of keys) if (!drops(key)) put(kept, key, object[key] as Json);
  return kept;
}
