import type { Json } from '../../json.ts';
import type { Comparison, Literal } from './syntax.ts';

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Equality is case-sensitive. A number written in quotes equals the number, `"true"` equals true, dates are equal as moments. */
export function equalsValue(value: Json, wanted: Literal): boolean {
  if (value === wanted) return true;
  if (typeof value === typeof wanted || value === null || wanted === null) {
    return (
      typeof value === 'string' && typeof wanted === 'string' && momentOf(wanted) !== undefined && momentOf(value) === momentOf(wanted)
    );
  }
  return typeof value !== 'object' && String(value) === String(wanted);
}

/** A test for `<`, `<=`, `>`, `>=`: numbers by size, dates by time, other text by character codes. */
export function compareValue(operator: Exclude<Comparison, '=' | '!='>, wanted: Literal): (value: Json) => boolean {
  const moment = typeof wanted === 'string' ? momentOf(wanted) : undefined;
  const number = typeof wanted === 'number' ? wanted : Number(wanted);
  return (value) => {
    if (typeof value === 'number') return holds(operator, value - (Number.isNaN(number) && moment !== undefined ? moment : number));
    if (typeof value !== 'string' || typeof wanted !== 'string') return false;
    const valueMoment = moment === undefined ? undefined : momentOf(value);
    if (moment !== undefined && valueMoment !== undefined) return holds(operator, valueMoment - moment);
    return holds(operator, value < wanted ? -1 : value > wanted ? 1 : 0);
  };
}

/** Orders two values of a field; missing ones come first, then numbers, then text. */
export function orderOf(a: Json | undefined, b: Json | undefined): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a);
  const right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function rankOf(value: Json | undefined): number {
  return value === undefined || value === null ? 0 : typeof value === 'number' ? 1 : 2;
}

function momentOf(text: string): number | undefined {
  return isoDate.test(text) ? Date.parse(text) : undefined;
}

function holds(operator: Exclude<Comparison, '=' | '!='>, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}
