import type { BinaryOperator } from './ast.ts';
import { matches } from './patterns.ts';
import { equals, failed, order, toNumber, toText, type Value } from './values.ts';

/** Adds two numbers; with a text, list or object on either side it joins texts. A sum beyond what a number can hold is null. */
function add(left: Value, right: Value): Value {
  if (joins(left) || joins(right)) return toText(left) + toText(right);
  const sum = toNumber(left, '+') + toNumber(right, '+');
  return Number.isFinite(sum) ? sum : null;
}

const joins = (value: Value) => typeof value === 'string' || (typeof value === 'object' && value !== null);

function arithmetic(operator: string, compute: (left: number, right: number) => number): (left: Value, right: Value) => number {
  return (left, right) => {
    const result = compute(toNumber(left, operator), toNumber(right, operator));
    if (!Number.isFinite(result)) throw failed(`The result of ${operator} is too large for a number.`);
    return result;
  };
}

function nonZero(right: number): number {
  if (right === 0) throw failed('Division by zero.');
  return right;
}

const byOrder = (holds: (sign: number) => boolean) => (left: Value, right: Value) => {
  const sign = order(left, right);
  return sign !== undefined && holds(sign);
};

const inList = (value: Value, list: Value): boolean => Array.isArray(list) && list.some((item) => equals(value, item));

/** `=~`: in a list, among the keys of an object, or the whole text matches a pattern. */
function isIn(value: Value, right: Value): boolean {
  if (Array.isArray(right)) return inList(value, right);
  if (right === null || right === undefined || value === null || value === undefined) return equals(value, right);
  if (typeof right === 'object') return Object.hasOwn(right, toText(value));
  return matches(toText(value), toText(right));
}

const starts = (value: Value, start: Value) => !nothing(value, start) && toText(value).startsWith(toText(start));
const ends = (value: Value, end: Value) => !nothing(value, end) && toText(value).endsWith(toText(end));
const nothing = (left: Value, right: Value) => left === null || left === undefined || right === null || right === undefined;

/** Real division, chosen when a literal with a decimal point takes part: `total / 2.0`. */
export const divideReal = arithmetic('/', (left, right) => left / nonZero(right));

/** Two whole numbers divide as whole numbers, as in Commons JEXL: `7 / 2` is 3. */
const divide = arithmetic('/', (left, right) => {
  const quotient = left / nonZero(right);
  return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(quotient) : quotient;
});

const bits = (operator: string, compute: (left: bigint, right: bigint) => bigint) =>
  arithmetic(operator, (left, right) => Number(BigInt.asIntN(64, compute(BigInt(Math.trunc(left)), BigInt(Math.trunc(right))))));

export const binary: Record<BinaryOperator, (left: Value, right: Value) => Value> = {
  '+': add,
  '-': arithmetic('-', (left, right) => left - right),
  '*': arithmetic('*', (left, right) => left * right),
  '/': divide,
  '%': arithmetic('%', (left, right) => left % nonZero(right)),
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': byOrder((sign) => sign < 0),
  '<=': (left, right) => equals(left, right) || byOrder((sign) => sign <= 0)(left, right),
  '>': byOrder((sign) => sign > 0),
  '>=': (left, right) => equals(left, right) || byOrder((sign) => sign >= 0)(left, right),
  '=~': isIn,
  '!~': (left, right) => !isIn(left, right),
  '=^': starts,
  '!^': (left, right) => !starts(left, right),
  '=$': ends,
  '!$': (left, right) => !ends(left, right),
  '&': bits('&', (left, right) => left & right),
  '|': bits('|', (left, right) => left | right),
  '^': bits('^', (left, right) => left ^ right),
};

/** Operators that may throw for some values. */
export const mayThrow = new Set<BinaryOperator>(['-', '*', '/', '%', '&', '|', '^']);

export const negate = arithmetic('-', (zero, value) => zero - value);
export const invert = bits('~', (value) => ~value);
