import { type Json, RecordError } from '#dataflow';

/** What a running expression holds: undefined is a field the record does not have, and counts as null. */
export type Value = Json | undefined;

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

export const isNumeric = (text: string): boolean => numeric.test(text);

export const failed = (message: string): RecordError => new RecordError(message, { code: 'expressionFailed' });

/** What counts as true: a number other than 0, a text that is neither empty nor `false`, any list or object. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '' && value !== 'false';
  return true;
}

/** Characters of a text that an expression makes larger than what it was made of. */
const longestMade = 32_000_000;

/** Refuses what grows beyond all use: replacing in what was replaced doubles a text each time. */
export function bounded(made: string, from = 0): string {
  if (made.length > longestMade && made.length > from * 1.5) throw failed(`A text would grow beyond ${longestMade} characters.`);
  return made;
}

/** Null becomes empty text; lists and objects become JSON. */
export function toText(value: Value): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? bounded(JSON.stringify(value)) : String(value);
}

/** For arithmetic: null and empty text count as 0, true as 1. Throws a RecordError for anything that is no number. */
export function toNumber(value: Value, operator: string): number {
  if (typeof value === 'number') return value;
  if (value === undefined || value === null || value === '') return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && isNumeric(value)) return Number(value);
  throw failed(`${operator} needs numbers, but was given ${shorten(JSON.stringify(value))}.`);
}

export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Compares across types: `'5' eq 5`; beside a boolean the other counts as {@link isTrue} says; empty text is 0 beside a number. Null equals only null. */
export function equals(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left === undefined || left === null) return right === undefined || right === null;
  if (right === undefined || right === null) return false;
  if (typeof left === 'object' || typeof right === 'object') return deepEquals(left, right);
  if (typeof left === 'boolean' || typeof right === 'boolean') return isTrue(left) === isTrue(right);
  if (typeof left === typeof right) return false;
  const number = comparable(left);
  return number !== undefined && number === comparable(right);
}

function deepEquals(left: Json, right: Json): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((item, i) => equals(item, right[i]));
  }
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equals(left[key], right[key]));
}

/**
 * Negative, 0 or positive; undefined when the two cannot be put in order, and then no comparison holds. Two texts, and a text beside a boolean,
 * go by their characters.
 */
export function order(left: Value, right: Value): number | undefined {
  if (typeof left === 'string' && (typeof right === 'string' || typeof right === 'boolean')) return byCharacters(left, String(right));
  if (typeof left === 'boolean' && typeof right === 'string') return byCharacters(String(left), right);
  const [a, b] = [comparable(left), comparable(right)];
  return a === undefined || b === undefined ? undefined : a - b;
}

export const byCharacters = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function comparable(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === '') return 0;
  return typeof value === 'string' && isNumeric(value) ? Number(value) : undefined;
}

/** Characters of a text, items of a list, fields of an object; 0 for null; null for a number or boolean. */
export function sizeOf(value: Value): number | null {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object') return null;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** Null, 0, empty text, empty list, empty object. */
export const isEmpty = (value: Value): boolean => value === undefined || value === null || value === 0 || sizeOf(value) === 0;

/** Own members only; a list also answers to its index, and lists and texts to `length` and `size`. */
export function member(of: Value, key: Value): Value {
  if (of === undefined || of === null) return undefined;
  const name = toText(key);
  if (typeof of === 'object' && !Array.isArray(of)) return Object.hasOwn(of, name) ? of[name] : undefined;
  if (typeof of === 'object') return /^\d+$/.test(name) ? of[Number(name)] : sizeMember(of, name);
  return typeof of === 'string' ? sizeMember(of, name) : undefined;
}

const sizeMember = (of: Value, name: string) => (name === 'length' || name === 'size' ? sizeOf(of) : undefined);
