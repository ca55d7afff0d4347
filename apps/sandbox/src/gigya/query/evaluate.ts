import type { Json, JsonObject } from '../../json.ts';
import { compareValue, equalsValue } from './compare.ts';
import { isEncrypted } from './encrypted-fields.ts';
import { syntaxError } from './lexer.ts';
import { lucenePattern } from './lucene-pattern.ts';
import type { Condition, Literal } from './syntax.ts';
import { compileValues } from './values-at.ts';

type Test = (account: JsonObject) => boolean;

/**
 * Compiles a condition. A missing field fails every test but `!=`, `NOT …` and `IS NULL`; a path through arrays
 * holds when any element fits. Throws ApiError 400006 for what an encrypted field cannot do.
 */
export function compileCondition(condition: Condition): Test {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map(compileCondition);
      return (account) => parts.every((part) => part(account));
    }
    case 'or': {
      const parts = condition.parts.map(compileCondition);
      return (account) => parts.some((part) => part(account));
    }
    case 'not': {
      const part = compileCondition(condition.part);
      return (account) => !part(account);
    }
    default:
      return compileTest(condition);
  }
}

/** The paths a condition looks at. */
export function pathsOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(pathsOf);
    case 'not':
      return pathsOf(condition.part);
    default:
      return [condition.path];
  }
}

function compileTest(condition: Exclude<Condition, { kind: 'and' | 'or' | 'not' }>): Test {
  const valuesOf = compileValues(condition.path);
  const anyValue =
    (fits: (value: Json) => boolean): Test =>
    (account) =>
      valuesOf(account).some(fits);
  switch (condition.kind) {
    case 'null':
      return (account) => valuesOf(account).length === 0;
    case 'in':
      return anyValue((value) => condition.values.some((wanted) => equalsValue(value, wanted)));
    case 'regex': {
      refuseEncrypted(condition, 'regex');
      const pattern = lucenePattern(condition.pattern, condition.at);
      return anyValue((value) => typeof value === 'string' && pattern.test(value));
    }
    case 'contains':
      return isEncrypted(condition.path)
        ? anyValue((value) => String(value).toLowerCase() === String(condition.value).toLowerCase())
        : compileContains(condition.path, condition.value);
    case 'compare':
      return compileComparison(condition, valuesOf);
  }
}

function compileComparison(
  { path, operator, value, at }: Extract<Condition, { kind: 'compare' }>,
  valuesOf: (account: Json) => Json[],
): Test {
  if (operator === '=' || operator === '!=') {
    const isEqual: Test = (account) => {
      const values = valuesOf(account);
      return value === null ? values.length === 0 : values.some((one) => equalsValue(one, value));
    };
    return operator === '=' ? isEqual : (account) => !isEqual(account);
  }
  refuseEncrypted({ path, at }, operator);
  const fits = compareValue(operator, value);
  return (account) => valuesOf(account).some(fits);
}

/** On arrays an element, on text a run of whole words without regard to case. */
function compileContains(path: string, wanted: Literal): Test {
  const names = path.split('.');
  const last = names.pop() ?? path;
  const holdersOf = compileValues(names.join('.'));
  const words = wordsOf(String(wanted));
  const fits = (value: Json | undefined): boolean => {
    if (Array.isArray(value)) return value.some((element) => equalsValue(element, wanted));
    return typeof value === 'string' ? wordsOf(value).includes(words) : value !== undefined && equalsValue(value, wanted);
  };
  return (account) => {
    const holders = names.length === 0 ? [account] : holdersOf(account);
    return holders.some((holder) => typeof holder === 'object' && holder !== null && !Array.isArray(holder) && fits(holder[last]));
  };
}

/** The words of a text between blanks, with one blank at both ends, so that a run of words can be looked for as text. */
function wordsOf(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).join(' ')} `;
}

function refuseEncrypted({ path, at }: { path: string; at: number }, operator: string): void {
  if (isEncrypted(path)) throw syntaxError(`${operator} cannot be used on the encrypted field ${path}, only =, != and CONTAINS`, at);
}
