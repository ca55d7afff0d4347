import type { DataRecord, Json } from '#dataflow';
import { type LookupPair, type Scalar, scalarsOf, type Wanted } from './lookup-query.ts';

/** Says which of many records an account fits, by the same rules as the search but exactly. */
export class LookupMatcher {
  readonly #pairs: readonly LookupPair[];
  readonly #operator: 'OR' | 'AND';
  readonly #wanted: readonly (readonly Set<string>[] | undefined)[];
  /** For each pair: value to the records that ask for it. */
  readonly #askers: Map<string, number[]>[];

  /** `wanted` by record; undefined for a record that cannot match. */
  constructor(wanted: readonly (Wanted | undefined)[], pairs: readonly LookupPair[], operator: 'OR' | 'AND') {
    this.#pairs = pairs;
    this.#operator = operator;
    this.#wanted = wanted.map((values) => values?.map((of, i) => new Set(of.map((value) => keyOf(value, pairs[i])))));
    this.#askers = pairs.map(() => new Map());
    for (const [record, keys] of this.#wanted.entries()) {
      for (const [pair, set] of (keys ?? []).entries()) for (const key of set) this.#note(pair, key, record);
    }
  }

  /** The places of the records that an account fits. */
  recordsFor(account: DataRecord): Set<number> {
    const keys = this.#pairs.map((pair) => new Set(scalarsAt(account, pair.field.split('.')).map((value) => keyOf(value, pair))));
    const askedBy = (pair: number) => [...(keys[pair] ?? [])].flatMap((key) => this.#askers[pair]?.get(key) ?? []);
    if (this.#operator === 'OR') return new Set(this.#pairs.flatMap((_, pair) => askedBy(pair)));
    return new Set(askedBy(0).filter((record) => this.#wanted[record]?.every((set, pair) => overlap(set, keys[pair]))));
  }

  #note(pair: number, key: string, record: number): void {
    const askers = this.#askers[pair];
    const list = askers?.get(key);
    if (list) list.push(record);
    else askers?.set(key, [record]);
  }
}

const keyOf = (value: Scalar, pair: LookupPair | undefined): string => (pair?.isCaseless ? String(value).toLowerCase() : String(value));

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean => [...a].some((key) => b?.has(key));

/** The values a path leads to; lists on the way and at the end are gone into. */
function scalarsAt(value: Json | undefined, path: readonly string[]): Scalar[] {
  if (Array.isArray(value)) return value.flatMap((item) => scalarsAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return scalarsOf(value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return scalarsAt(value[name], rest);
}
