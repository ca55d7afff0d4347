import type { Json } from '#dataflow';
import { matches, patternOf } from './patterns.ts';
import { equals, isEmpty, member, sizeOf, toNumber, toText, type Value } from './values.ts';

/** Called as `size(x)` or `size x`. They take one value and never throw. */
export const functions: Record<string, (value: Value) => Json> = {
  size: sizeOf,
  empty: isEmpty,
};

export interface Method {
  /** Fewest and most arguments. */
  args: readonly [number, number];
  /** Arguments that are regular expressions: checked when the expression is compiled, if they are plain text. */
  pattern?: number;
  /** `of` is never null: a method of null is null. */
  call(of: Json, args: Value[]): Json | undefined;
}

const textMethod = (args: readonly [number, number], call: (of: string, args: Value[]) => Json): Method => ({
  args,
  call: (of, values) => call(toText(of), values),
});
const index = (value: Value) => Math.trunc(toNumber(value, 'A position'));

/** Methods of Java's String, List and Map by their Java names. Texts count UTF-16 units, as Java does. */
export const methods: Record<string, Method> = {
  charAt: textMethod([1, 1], (of, [at]) => of.charAt(index(at))),
  concat: textMethod([1, 1], (of, [other]) => of + toText(other)),
  contains: {
    args: [1, 1],
    call: (of, [part]) => (Array.isArray(of) ? of.some((item) => equals(item, part)) : toText(of).includes(toText(part))),
  },
  containsKey: { args: [1, 1], call: (of, [key]) => typeof of === 'object' && of !== null && Object.hasOwn(of, toText(key)) },
  endsWith: textMethod([1, 1], (of, [end]) => of.endsWith(toText(end))),
  equals: { args: [1, 1], call: (of, [other]) => equals(of, other) },
  equalsIgnoreCase: textMethod([1, 1], (of, [other]) => of.toLowerCase() === toText(other).toLowerCase()),
  get: { args: [1, 1], call: (of, [key]) => member(of, key) },
  indexOf: {
    args: [1, 1],
    call: (of, [part]) => (Array.isArray(of) ? of.findIndex((item) => equals(item, part)) : toText(of).indexOf(toText(part))),
  },
  isEmpty: { args: [0, 0], call: isEmpty },
  join: { args: [1, 1], call: (of, [separator]) => (Array.isArray(of) ? of.map(toText).join(toText(separator)) : toText(of)) },
  keySet: { args: [0, 0], call: (of) => (typeof of === 'object' && of !== null && !Array.isArray(of) ? Object.keys(of) : []) },
  lastIndexOf: textMethod([1, 1], (of, [part]) => of.lastIndexOf(toText(part))),
  length: { args: [0, 0], call: sizeOf },
  matches: { ...textMethod([1, 1], (of, [pattern]) => matches(of, toText(pattern))), pattern: 0 },
  replace: textMethod([2, 2], (of, [part, by]) => of.replaceAll(toText(part), () => toText(by))),
  replaceAll: { ...textMethod([2, 2], (of, [pattern, by]) => of.replace(patternOf(toText(pattern), false), toText(by))), pattern: 0 },
  size: { args: [0, 0], call: sizeOf },
  split: { ...textMethod([1, 1], (of, [pattern]) => splitText(of, toText(pattern))), pattern: 0 },
  startsWith: textMethod([1, 1], (of, [start]) => of.startsWith(toText(start))),
  substring: textMethod([1, 2], (of, [from, to]) => of.substring(index(from), to === undefined ? undefined : index(to))),
  toLowerCase: textMethod([0, 0], (of) => of.toLowerCase()),
  toString: textMethod([0, 0], (of) => of),
  toUpperCase: textMethod([0, 0], (of) => of.toUpperCase()),
  trim: textMethod([0, 0], (of) => of.trim()),
};

/** As in Java, empty pieces at the end are dropped. */
function splitText(text: string, pattern: string): string[] {
  const pieces = text.split(patternOf(pattern, false)).map((piece) => piece ?? '');
  while (pieces.length > 1 && pieces.at(-1) === '') pieces.pop();
  return pieces;
}
