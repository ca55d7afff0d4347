import { isDeepStrictEqual } from 'node:util';
import { isDataRecord, type Json } from '#dataflow';
import { forRecord, matcherOf, replacerOf, splitterOf } from './patterns.ts';
import type { Use } from './regex/java-pattern.ts';
import { bounded, byCharacters, equals, failed, isEmpty, isTrue, member, sizeOf, toNumber, toText, type Value } from './values.ts';

/** Called as `size(x)` or `size x`. They take one value and never throw. */
export const functions: Record<string, (value: Value) => Json> = {
  size: sizeOf,
  empty: isEmpty,
};

/** Makes what a method runs out of its arguments as text, the first of them a regular expression. Throws RegexError. */
export type PatternUse = (args: readonly string[]) => Use<unknown>;

export interface Method {
  /** Fewest and most arguments. */
  args: readonly [number, number];
  /** For methods that take regular expressions: checks them when the expression is compiled, if all are plain text. */
  pattern?: PatternUse;
  /** Whether it may throw for some arguments, patterns apart. */
  mayFail?: boolean;
  /** `of` is never null: a method of null is null, but for `size()`. */
  call(of: Json, args: Value[]): Json | undefined;
}

/** Of a list or an object there is no such method, and what is not there is null. */
const textMethod = (args: readonly [number, number], call: (of: string, args: Value[]) => Json): Method => ({
  args,
  call: (of, values) => (typeof of === 'object' ? null : call(toText(of), values)),
});
const index = (value: Value) => Math.trunc(toNumber(value, 'A position'));
const optional = (value: Value) => (value === undefined ? undefined : index(value));
const fields = (of: Json) => (isDataRecord(of) ? of : undefined);
const whole = (value: Json) => Math.trunc(toNumber(value, 'A whole number'));

/** Methods of Java's String, List, Map, Number and Boolean by their Java names. Texts count UTF-16 units, as Java does. */
export const methods: Record<string, Method> = {
  booleanValue: { args: [0, 0], call: isTrue },
  charAt: { ...textMethod([1, 1], (of, [at]) => of.charAt(index(at))), mayFail: true },
  compareTo: textMethod([1, 1], (of, [other]) => byCharacters(of, toText(other))),
  compareToIgnoreCase: textMethod([1, 1], (of, [other]) => byCharacters(of.toLowerCase(), toText(other).toLowerCase())),
  concat: textMethod([1, 1], (of, [other]) => of + toText(other)),
  contains: {
    args: [1, 1],
    call: (of, [part]) => (Array.isArray(of) ? of.some((item) => equals(item, part)) : toText(of).includes(toText(part))),
  },
  containsKey: { args: [1, 1], call: (of, [key]) => Object.hasOwn(fields(of) ?? {}, toText(key)) },
  containsValue: { args: [1, 1], call: (of, [wanted]) => Object.values(fields(of) ?? {}).some((value) => equals(value, wanted)) },
  doubleValue: { args: [0, 0], mayFail: true, call: (of) => toNumber(of, 'A number') },
  endsWith: textMethod([1, 1], (of, [end]) => of.endsWith(toText(end))),
  equals: { args: [1, 1], call: (of, [other]) => isDeepStrictEqual(of, other) },
  equalsIgnoreCase: textMethod([1, 1], (of, [other]) => of.toLowerCase() === toText(other).toLowerCase()),
  get: { args: [1, 1], call: (of, [key]) => member(of, key) },
  getOrDefault: { args: [2, 2], call: (of, [key, other]) => member(of, key) ?? other },
  indexOf: {
    args: [1, 2],
    mayFail: true,
    call: (of, [part, from]) =>
      Array.isArray(of) ? of.findIndex((item) => equals(item, part)) : toText(of).indexOf(toText(part), optional(from)),
  },
  intValue: { args: [0, 0], mayFail: true, call: whole },
  isBlank: textMethod([0, 0], (of) => of.trim() === ''),
  isEmpty: { args: [0, 0], call: isEmpty },
  join: { args: [1, 1], call: (of, [separator]) => (Array.isArray(of) ? bounded(of.map(toText).join(toText(separator))) : toText(of)) },
  keySet: { args: [0, 0], call: (of) => Object.keys(fields(of) ?? {}) },
  lastIndexOf: {
    args: [1, 1],
    call: (of, [part]) => (Array.isArray(of) ? of.findLastIndex((item) => equals(item, part)) : toText(of).lastIndexOf(toText(part))),
  },
  length: { args: [0, 0], call: sizeOf },
  longValue: { args: [0, 0], mayFail: true, call: whole },
  matches: {
    ...textMethod([1, 1], (of, [pattern]) => forRecord(pattern, matcherOf)(of)),
    pattern: ([source = '']) => matcherOf(source),
  },
  replace: textMethod([2, 2], (of, [part, by]) =>
    bounded(
      of.replaceAll(toText(part), () => toText(by)),
      of.length,
    ),
  ),
  replaceAll: {
    ...textMethod([2, 2], (of, [pattern, by]) =>
      bounded(forRecord(pattern, (source) => replacerOf(source, toText(by), 'all'))(of), of.length),
    ),
    pattern: ([source = '', by = '']) => replacerOf(source, by, 'all'),
  },
  replaceFirst: {
    ...textMethod([2, 2], (of, [pattern, by]) => forRecord(pattern, (source) => replacerOf(source, toText(by), 'first'))(of)),
    pattern: ([source = '', by = '']) => replacerOf(source, by, 'first'),
  },
  size: { args: [0, 0], call: sizeOf },
  split: {
    ...textMethod([1, 2], (of, [pattern, limit]) => forRecord(pattern, splitterOf)(of, optional(limit))),
    pattern: ([source = '']) => splitterOf(source),
  },
  startsWith: { ...textMethod([1, 2], (of, [start, at]) => of.startsWith(toText(start), optional(at))), mayFail: true },
  strip: textMethod([0, 0], (of) => of.trim()),
  substring: { ...textMethod([1, 2], (of, [from, to]) => substring(of, index(from), optional(to) ?? of.length)), mayFail: true },
  toLowerCase: textMethod([0, 0], (of) => of.toLowerCase()),
  toString: { ...textMethod([0, 0], (of) => of), call: toText },
  toUpperCase: textMethod([0, 0], (of) => of.toUpperCase()),
  trim: textMethod([0, 0], trim),
  values: { args: [0, 0], call: (of) => Object.values(fields(of) ?? {}) },
};

/** Java fails for an end behind the text; here that is its end. */
function substring(text: string, from: number, to: number): string {
  if (from < 0 || to < from) throw failed(`A text has no part from ${from} to ${to}.`);
  return text.slice(from, to);
}

/** Java's `trim` knows the blank and the control characters of ASCII only. */
function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return text.slice(start, end);
}
