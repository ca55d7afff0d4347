import { parseCondition } from './parse-condition.ts';
import type { Query } from './syntax.ts';
import { TokenCursor } from './token-cursor.ts';
import { excerpt, tokenize, wrongQuery } from './tokens.ts';

const LARGEST_LIMIT = 10_000;
const LARGEST_START = 5_000;
const MOST_FIELDS = 100;

/**
 * Reads `SELECT … FROM table [WHERE …] [ORDER BY f [ASC|DESC]] [START n] [LIMIT n]`, keywords in any letter case, clauses in this
 * order. Throws ApiError 400006 that says what is wrong.
 */
export function parseQuery(text: string): Query {
  const cursor = new TokenCursor(tokenize(text));
  cursor.expectWord('SELECT');
  const select = readSelect(cursor);
  cursor.expectWord('FROM');
  const query: Query = { select, from: cursor.name('a table') };
  if (cursor.takeWord('WHERE')) query.where = parseCondition(cursor);
  if (cursor.takeWord('ORDER')) {
    cursor.expectWord('BY');
    query.orderBy = readOrder(cursor);
  }
  if (cursor.takeWord('START')) query.start = readNumber(cursor, { name: 'START', from: 0, to: LARGEST_START });
  if (cursor.takeWord('LIMIT')) query.limit = readNumber(cursor, { name: 'LIMIT', from: 1, to: LARGEST_LIMIT });
  const rest = cursor.peek();
  if (rest.kind !== 'end')
    throw wrongQuery(`${excerpt(rest.text)} was not expected there; clauses come in the order SELECT, FROM, WHERE, ORDER BY, START, LIMIT`);
  return query;
}

function readSelect(cursor: TokenCursor): Query['select'] {
  if (cursor.takeSign('*')) return '*';
  const first = cursor.name('* or a field');
  if (first.toLowerCase() === 'count' && cursor.takeSign('(')) {
    cursor.expectSign('*');
    cursor.expectSign(')');
    return 'count';
  }
  const fields = [first];
  while (cursor.takeSign(',')) fields.push(cursor.name('a field'));
  if (fields.length > MOST_FIELDS) throw wrongQuery(`it selects more than ${MOST_FIELDS} fields`);
  return fields;
}

function readOrder(cursor: TokenCursor): { field: string; descending: boolean } {
  const field = cursor.name('a field');
  if (cursor.takeWord('DESC')) return { field, descending: true };
  cursor.takeWord('ASC');
  return { field, descending: false };
}

function readNumber(cursor: TokenCursor, { name, from, to }: { name: string; from: number; to: number }): number {
  const token = cursor.take();
  const number = Number(token.text);
  if (token.kind !== 'number' || !Number.isInteger(number) || number < from || number > to)
    throw wrongQuery(`${name} needs a whole number from ${from} to ${to}`);
  return number;
}
