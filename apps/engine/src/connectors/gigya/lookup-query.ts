import type { DataRecord, Json } from '#dataflow';

/** A value that can be searched for. */
export type Scalar = string | number | boolean;

/** One pair of fields that must be equal. */
export interface LookupPair {
  /** Reads the record's side. */
  sourceOf(record: DataRecord): Json | undefined;
  /** The searched side, e.g. `loginIDs.emails`. */
  field: string;
  isCaseless: boolean;
}

/** What a record asks for, a list of values for each pair; undefined when it lacks what it would have to ask for. */
export type Wanted = readonly (readonly Scalar[])[];

/**
 * The values of a record's fields. Of pairs joined by OR one that has a value is enough; joined by AND every one must have,
 * because a condition left out would match accounts that were not meant.
 */
export function wantedBy(record: DataRecord, pairs: readonly LookupPair[], operator: 'OR' | 'AND'): Wanted | undefined {
  const wanted = pairs.map(({ sourceOf }) => scalarsOf(sourceOf(record)));
  const has = (values: readonly Scalar[]) => values.length > 0;
  return (operator === 'AND' ? wanted.every(has) : wanted.some(has)) ? wanted : undefined;
}

/** Texts that are not blank, numbers and booleans; of a list each. */
export const scalarsOf = (value: Json | undefined): Scalar[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (one): one is Scalar =>
      (typeof one === 'string' && one.trim() !== '') || (typeof one === 'number' && Number.isFinite(one)) || typeof one === 'boolean',
  );

/** One condition that finds every account which any of these records asks for, and maybe some more. */
export function lookupCondition(wanted: readonly Wanted[], pairs: readonly LookupPair[], operator: 'OR' | 'AND'): string {
  if (operator === 'OR' || pairs.length === 1) {
    return pairs
      .map((pair, i) => fieldCondition(pair, [...new Set(wanted.flatMap((values) => values[i] ?? []))]))
      .filter((condition) => condition !== '')
      .join(' OR ');
  }
  const tuples = wanted.map((values) => values.map((of, i) => bracketed(fieldCondition(pairs[i] as LookupPair, of))).join(' AND '));
  return [...new Set(tuples)].map((tuple) => `(${tuple})`).join(' OR ');
}

const bracketed = (condition: string): string => (condition.includes(' OR ') ? `(${condition})` : condition);

/**
 * Equality is case-sensitive on the platform, CONTAINS is not: on mail addresses and user names it matches the full value,
 * on other texts whole words. What it finds too much is left out when matches are told apart here.
 */
function fieldCondition({ field, isCaseless }: LookupPair, values: readonly Scalar[]): string {
  const byWords = values.filter((value) => isCaseless && typeof value === 'string' && /[\p{L}\p{N}]/u.test(value));
  const exact = values.filter((value) => !byWords.includes(value));
  const conditions = byWords.map((value) => `${field} CONTAINS ${literal(value)}`);
  if (exact.length > 0) conditions.unshift(`${field} IN (${exact.map(literal).join(', ')})`);
  return conditions.join(' OR ');
}

/** A value of the search language. Nothing in a text can end it: quotes and backslashes are escaped, line ends too. */
export function literal(value: Scalar): string {
  if (typeof value !== 'string') return String(value);
  const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${value.replace(/["\\\n\r\t]/g, (sign) => escapes[sign] ?? `\\${sign}`)}"`;
}
