import { describe, expect, it } from 'vitest';
import type { ApiError } from '../api-error.ts';
import { parseQuery as parse } from './parser.ts';
import { accountSources } from './sources.ts';

const parseQuery = (query: string) => parse(query, accountSources);

function refusal(query: string): string {
  try {
    parseQuery(query);
  } catch (error) {
    return `${(error as ApiError).errorCode} ${(error as ApiError).details}`;
  }
  return 'accepted';
}

describe('a query', () => {
  it('has its clauses in order, keywords in any case', () => {
    expect(
      parseQuery('select UID, profile.firstName as fn from ACCOUNTS where a = 1 order by b desc, c start 5 limit 7 with counters'),
    ).toEqual({
      select: [
        { kind: 'path', path: 'UID' },
        { kind: 'path', path: 'profile.firstName', alias: 'fn' },
      ],
      source: 'accounts',
      where: { kind: 'compare', path: 'a', operator: '=', value: 1, at: 58 },
      orderBy: [
        { path: 'b', descending: true, at: 71 },
        { path: 'c', descending: false, at: 79 },
      ],
      start: 5,
      limit: 7,
      withCounters: true,
    });
  });

  it('binds NOT before AND before OR, and parentheses before all', () => {
    const { where } = parseQuery('SELECT * FROM accounts WHERE NOT a = 1 AND b = 2 OR (c = 3 OR d = 4) AND e = 5');
    const shape = JSON.stringify(where, (key, value) => (['at', 'operator', 'value'].includes(key) ? undefined : value));
    expect(JSON.parse(shape)).toEqual({
      kind: 'or',
      parts: [
        {
          kind: 'and',
          parts: [
            { kind: 'not', part: { kind: 'compare', path: 'a' } },
            { kind: 'compare', path: 'b' },
          ],
        },
        {
          kind: 'and',
          parts: [
            {
              kind: 'or',
              parts: [
                { kind: 'compare', path: 'c' },
                { kind: 'compare', path: 'd' },
              ],
            },
            { kind: 'compare', path: 'e' },
          ],
        },
      ],
    });
  });

  it('reads texts in either quotes with escapes, numbers, booleans and null', () => {
    const { where } = parseQuery(`SELECT * FROM accounts WHERE a IN ("x \\"y\\"", 'it''s' , -1.5e2, TRUE, null)`.replace("''", "\\'"));
    expect(where).toMatchObject({ kind: 'in', values: ['x "y"', "it's", -150, true, null] });
  });

  it('names aggregates by their text or alias', () => {
    expect(parseQuery('SELECT count(*), AVG(data.a_i) AS mean FROM accounts').select).toEqual([
      { kind: 'aggregate', operation: 'count', path: '*', name: 'count(*)' },
      { kind: 'aggregate', operation: 'avg', path: 'data.a_i', name: 'mean' },
    ]);
  });
});

describe('a query is refused with the place of the fault', () => {
  it.each([
    [
      'SELECT * FROM accounts LIMIT 5 WHERE a = 1',
      'WHERE is out of order or given twice; the order is SELECT, FROM, WHERE, ORDER BY, START, LIMIT, WITH at position 31',
    ],
    ['SELECT * FROM accounts LIMIT 5 START 1', 'START is out of order'],
    ['SELECT * FROM accounts LIMIT 5 ORDER BY a', 'ORDER is out of order'],
    ['SELECT * FROM accounts GROUP BY a', 'GROUP is not supported at position 23'],
    ['SELECT * FROM accounts HAVING a = 1', 'HAVING is not supported at position 23'],
    ['FROM accounts', "expected SELECT but found 'FROM' at position 0"],
    ['SELECT FROM accounts', "expected FROM but found 'accounts' at position 12"],
    ['SELECT * FROM users', "'users' cannot be searched by this method at position 14"],
    ['SELECT *', 'expected FROM but found the end at position 8'],
    ['SELECT * FROM accounts WHERE', 'expected a field but found the end at position 28'],
    ['SELECT * FROM accounts WHERE a', 'expected an operator but found the end at position 30'],
    ['SELECT * FROM accounts WHERE a = ', 'expected a value but found the end'],
    ['SELECT * FROM accounts WHERE a = b', "expected a value but found 'b' at position 33"],
    ['SELECT * FROM accounts WHERE (a = 1', "expected ')' but found the end at position 35"],
    ['SELECT * FROM accounts WHERE a = "x', 'the text has no closing quote at position 33'],
    ['SELECT * FROM accounts WHERE a = 1 ; DROP', 'unexpected character at position 35'],
    ['SELECT * FROM accounts WHERE a IN ()', "expected a value but found ')' at position 35"],
    ['SELECT * FROM accounts LIMIT -1', "expected a whole number after LIMIT but found '-1' at position 29"],
    ['SELECT UID, count(*) FROM accounts', 'fields and aggregates cannot be selected together at position 7'],
    ['SELECT sum(*) FROM accounts', 'expected a field in sum()'],
    ['SELECT median(a) FROM accounts', 'expected one of count, sum, min, max, avg'],
    ['', 'expected SELECT but found the end at position 0'],
  ])('%s', (query, details) => {
    expect(refusal(query)).toContain(`400006 Invalid argument: query: ${details}`);
  });
});
