import type { Comparison, Condition, Literal } from './syntax.ts';
import type { TokenCursor } from './token-cursor.ts';
import { excerpt, wrongQuery } from './tokens.ts';

const DEEPEST = 50;
const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const;

/** Reads conditions joined by AND, OR and NOT; AND binds tighter than OR, parentheses tighter than both. */
export const parseCondition = (cursor: TokenCursor): Condition => either(cursor, 0);

function either(cursor: TokenCursor, depth: number): Condition {
  if (depth > DEEPEST) throw wrongQuery(`it is nested more than ${DEEPEST} levels deep`);
  const parts = [both(cursor, depth)];
  while (cursor.takeWord('OR')) parts.push(both(cursor, depth));
  return join('or', parts);
}

function both(cursor: TokenCursor, depth: number): Condition {
  const parts = [single(cursor, depth)];
  while (cursor.takeWord('AND')) parts.push(single(cursor, depth));
  return join('and', parts);
}

function single(cursor: TokenCursor, depth: number): Condition {
  if (depth > DEEPEST) throw wrongQuery(`it is nested more than ${DEEPEST} levels deep`);
  if (cursor.takeWord('NOT')) return { kind: 'not', part: single(cursor, depth + 1) };
  if (!cursor.takeSign('(')) return test(cursor);
  const inner = either(cursor, depth + 1);
  cursor.expectSign(')');
  return inner;
}

function test(cursor: TokenCursor): Condition {
  const field = cursor.name('a field');
  if (cursor.takeWord('IS')) {
    const negated = cursor.takeWord('NOT');
    cursor.expectWord('NULL');
    return negate(negated, { kind: 'null', field });
  }
  if (cursor.takeWord('NOT')) return negate(true, listed(cursor, field));
  const next = cursor.peek();
  if (next.kind === 'word') return listed(cursor, field);
  const operator = comparisons.find((one) => cursor.takeSign(one));
  if (!operator) throw wrongQuery(`after ${field} one of ${comparisons.join(' ')} CONTAINS IN IS is needed`);
  return compared(field, operator, literal(cursor));
}

/** CONTAINS and IN, which NOT may stand before. */
function listed(cursor: TokenCursor, field: string): Condition {
  if (cursor.takeWord('CONTAINS')) return { kind: 'contains', field, value: literal(cursor) };
  if (!cursor.takeWord('IN')) throw wrongQuery(`after ${field} ${excerpt(cursor.peek().text)} was not expected`);
  cursor.expectSign('(');
  const values = [literal(cursor)];
  while (cursor.takeSign(',')) values.push(literal(cursor));
  cursor.expectSign(')');
  return { kind: 'in', field, values };
}

function compared(field: string, operator: Comparison, value: Literal): Condition {
  if (value.kind !== 'word' || value.text !== 'null') return { kind: 'compare', field, operator, value };
  if (operator !== '=' && operator !== '!=') throw wrongQuery(`${field} ${operator} null has no meaning`);
  return negate(operator === '!=', { kind: 'null', field });
}

function literal(cursor: TokenCursor): Literal {
  const { kind, text } = cursor.take();
  if (kind === 'text' || kind === 'number') return { kind, text };
  const word = text.toLowerCase();
  if (kind === 'word' && ['true', 'false', 'null'].includes(word)) return { kind, text: word };
  throw wrongQuery(kind === 'end' ? 'a value is missing at its end' : `${excerpt(text)} is no value; texts stand in quotes`);
}

const negate = (negated: boolean, part: Condition): Condition => (negated ? { kind: 'not', part } : part);

function join(kind: 'and' | 'or', parts: Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind, parts };
}
