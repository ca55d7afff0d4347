import type { Json } from '#dataflow';
import type { BinaryOperator } from './ast.ts';
import { forRecord, matcherOf } from './patterns.ts';
import { equals, failed, isNumeric, order, toNumber, toText, type Value } from './values.ts';

/**
 * Two texts are joined, and so is a text that is no number, a list or an object with anything. All else is added, a text that is a number too:
 * `'250' + 1` is 251. A sum beyond what a number can hold is null.
 */
function add(left: Value, right: Value): Value {
  if (typeof left === 'string' ? typeof right === 'string' || !counts(left) || joins(right) : joins(left) || joins(right)) {
    return toText(left) + toText(right);
  }
  const sum = toNumber(left, '+') + toNumber(right, '+');
  return Number.isFinite(sum) ? sum : null;
}

const counts = (text: string) => text === '' || isNumeric(text);
const joins = (value: Value) => (typeof value === 'string' ? !counts(value) : typeof value === 'object' && value !== null);

function arithmetic(operator: string, compute: (left: number, right: number) => number): (left: Value, right: Value) => number {
  return (left, right) => {
    const result = compute(toNumber(left, operator), toNumber(right, operator));
    if (!Number.isFinite(result)) throw failed(`The result of ${operator} is too large for a number.`);
    // Zero has no sign here.
    return result + 0;
  };
}

const byOrder = (holds: (sign: number) => boolean) => (left: Value, right: Value) => {
  const sign = order(left, right);
  return sign !== undefined && holds(sign);
};

const areNull = (left: Value, right: Value) => (left ?? null) === null && (right ?? null) === null;

const inList = (value: Value, list: Value): boolean => Array.isArray(list) && list.some((item) => equals(value, item));

/** `=~`: in a list, among the keys of an object, or the whole text matches a pattern. */
function isIn(value: Value, right: Value): boolean {
  if (Array.isArray(right)) return inList(value, right);
  if (right === null || right === undefined || value === null || value === undefined) return equals(value, right);
  if (typeof right === 'object') return Object.hasOwn(right, toText(value));
  return forRecord(right, matcherOf)(toText(value));
}

/** `=^` and `=$`: a text begins or ends with something; anything else, and null, only with its equal. */
const edge =
  (holds: (text: string, part: string) => boolean) =>
  (value: Value, part: Value): boolean => {
    if (value === undefined || value === null || part === undefined || part === null) return (value ?? null) === (part ?? null);
    return typeof value === 'string' ? holds(value, toText(part)) : equals(value, part);
  };
const starts = edge((text, part) => text.startsWith(part));
const ends = edge((text, part) => text.endsWith(part));

/** Real division, chosen when a literal with a decimal point takes part: `total / 2.0`. Division by 0 gives 0, as in lenient Commons JEXL. */
export const divideReal = arithmetic('/', (left, right) => (right === 0 ? 0 : left / right));

/** Two whole numbers divide as whole numbers, as in Commons JEXL: `7 / 2` is 3. */
const divide = arithmetic('/', (left, right) => {
  if (right === 0) return 0;
  return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(left / right) : left / right;
});

/** Of whole numbers the remainder is never negative, and 0 when the divisor is not positive. */
const remainder = arithmetic('%', (left, right) => {
  if (!Number.isInteger(left) || !Number.isInteger(right)) return right === 0 ? 0 : left % right;
  return right > 0 ? ((left % right) + right) % right : 0;
});

const bits = (operator: string, compute: (left: bigint, right: bigint) => bigint) =>
  arithmetic(operator, (left, right) => Number(BigInt.asIntN(64, compute(BigInt(Math.trunc(left)), BigInt(Math.trunc(right))))));

const longestRange = 10_000;

/** `1..5` as a list, upwards or downwards. */
function range(left: Value, right: Value): Value {
  const [from, to] = [Math.trunc(toNumber(left, '..')), Math.trunc(toNumber(right, '..'))];
  if (Math.abs(to - from) >= longestRange) throw failed(`A range has at most ${longestRange} numbers.`);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => (from <= to ? from + i : from - i));
}

export const binary: Record<BinaryOperator, (left: Value, right: Value) => Value> = {
  '+': add,
  '-': arithmetic('-', (left, right) => left - right),
  '*': arithmetic('*', (left, right) => left * right),
  '/': divide,
  '%': remainder,
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': byOrder((sign) => sign < 0),
  '<=': (left, right) => areNull(left, right) || byOrder((sign) => sign <= 0)(left, right),
  '>': byOrder((sign) => sign > 0),
  '>=': (left, right) => areNull(left, right) || byOrder((sign) => sign >= 0)(left, right),
  '=~': isIn,
  '!~': (left, right) => !isIn(left, right),
  '=^': starts,
  '!^': (left, right) => !starts(left, right),
  '=$': ends,
  '!$': (left, right) => !ends(left, right),
  '..': range,
  '&': bits('&', (left, right) => left & right),
  '|': bits('|', (left, right) => left | right),
  '^': bits('^', (left, right) => left ^ right),
};

/** Operators that may throw for some values. */
export const mayThrow = new Set<BinaryOperator>(['..', '-', '*', '/', '%', '&', '|', '^']);

const negative = arithmetic('-', (zero, value) => zero - value);
/** `-true` is false. */
export const negate = (value: Value): Json => (typeof value === 'boolean' ? !value : negative(0, value));
export const invert = bits('~', (value) => ~value);
