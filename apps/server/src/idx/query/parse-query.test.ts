import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.ts';
import { compileCondition, type Field } from './compile-condition.ts';
import { parseQuery } from './parse-query.ts';
import { wrongQuery } from './tokens.ts';

const kinds = { name: 'text', version: 'number', createTime: 'time', enabled: 'boolean' } as const;

function find(name: string): Field {
  const known = Object.keys(kinds).find((one) => one.toLowerCase() === name.toLowerCase()) as keyof typeof kinds | undefined;
  if (!known) throw wrongQuery(`there is no field ${name}`);
  return { name: known, sql: `t."${known}"`, kind: kinds[known] };
}

function compile(condition: string): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  const { where } = parseQuery(`SELECT * FROM t WHERE ${condition}`);
  if (!where) throw new Error('no condition');
  return { sql: compileCondition(where, { find }, (value) => `$${values.push(value)}`), values };
}

describe('a search', () => {
  it.each([
    ['SELECT * FROM dataflow', { select: '*', from: 'dataflow' }],
    ['select * from scheduling order By updateTime desc', { orderBy: { field: 'updateTime', descending: true } }],
    ['SELECT id, name FROM dataflow START 5 LIMIT 10;', { select: ['id', 'name'], start: 5, limit: 10 }],
    ['SELECT count(*) FROM idx_job_status', { select: 'count', from: 'idx_job_status' }],
    [
      "SELECT * FROM idx_job_status WHERE dataflowId='a1' ORDER BY updateTime DESC LIMIT 5",
      { where: { kind: 'compare', field: 'dataflowId', operator: '=', value: { kind: 'text', text: 'a1' } }, limit: 5 },
    ],
  ])('is read as clients write it: %s', (text, expected) => {
    expect(parseQuery(text)).toMatchObject(expected);
  });

  it.each([
    ['', /SELECT was expected at its end/],
    ['DELETE FROM dataflow', /SELECT was expected in place of "DELETE"/],
    ['SELECT * FROM', /a table was expected/],
    ['SELECT * FROM dataflow LIMIT 5 WHERE id = 1', /"WHERE" was not expected there; clauses come in the order/],
    ['SELECT * FROM dataflow LIMIT 0', /LIMIT needs a whole number from 1 to 10000/],
    ['SELECT * FROM dataflow LIMIT 1.5', /LIMIT needs a whole number/],
    ['SELECT * FROM dataflow START 5001', /START needs a whole number from 0 to 5000/],
    ["SELECT * FROM dataflow WHERE name = 'x", /cannot be read from "'x" on/],
    ['SELECT * FROM dataflow WHERE name = x', /texts stand in quotes/],
    ['SELECT * FROM dataflow WHERE name', /one of = != < <= > >= CONTAINS IN IS is needed/],
    ["SELECT * FROM dataflow WHERE name = regex('a+')", /"regex" is no value/],
    ["SELECT * FROM dataflow; DROP TABLE job; SELECT '", /cannot be read/],
    [`SELECT * FROM t WHERE ${'('.repeat(60)}name = 1`, /nested more than 50 levels/],
    [`SELECT * FROM t WHERE ${'NOT '.repeat(60)}name = 1`, /nested more than 50 levels/],
    [`SELECT * FROM t WHERE name = '${'x'.repeat(20_000)}'`, /longer than 20000 characters/],
  ])('that cannot be used says why: %.60s', (text, message) => {
    expect(() => parseQuery(text)).toThrow(message);
    expect(() => parseQuery(text)).toThrow(ApiError);
  });
});

describe('a condition', () => {
  it('lets AND bind tighter than OR, and puts every value among the parameters', () => {
    expect(compile('name = \'a\' OR NAME = "b" AND version >= 2')).toEqual({
      sql: '(t."name" = $1::text OR (t."name" = $2::text AND t."version" >= $3::float8))',
      values: ['a', 'b', 2],
    });
  });

  it('reads dates with or without zeros, with a time, and with an offset', () => {
    const { values } = compile("createTime > '2017-5-8' AND createTime < '2026-11-23T14:30:00.5+02:00' AND createTime != '2026-1-2 3:4:5'");
    expect(values).toEqual(['2017-05-08T00:00:00.000Z', '2026-11-23T12:30:00.500Z', '2026-01-02T03:04:05.000Z']);
  });

  it('turns NOT around also for what is missing', () => {
    expect(compile("NOT name = 'a'").sql).toBe('(t."name" = $1::text) IS NOT TRUE');
    expect(compile("name NOT IN ('a', 'b')")).toEqual({ sql: '(t."name" = ANY($1::text[])) IS NOT TRUE', values: [['a', 'b']] });
    expect(compile('name IS NOT NULL AND version != null').sql).toBe(
      '((t."name" IS NULL) IS NOT TRUE AND (t."version" IS NULL) IS NOT TRUE)',
    );
  });

  it('takes quotes written twice and behind a backslash as part of a text', () => {
    expect(compile(`name IN ('it''s', 'it\\'s', "say ""hi""", 'back\\\\slash')`).values).toEqual([
      ["it's", "it's", 'say "hi"', 'back\\slash'],
    ]);
  });

  it.each([
    ["createTime > 'soon'", /is no date/],
    ["createTime > '2026-02-31'", /is no date/],
    ["version > 'many'", /version is a number/],
    ["enabled = 'perhaps'", /enabled is true or false/],
    ["version CONTAINS '1'", /looks into texts/],
    ["secret = 'x'", /no field secret/],
    ['name < null', /has no meaning/],
  ])('says what is wrong with %s', (condition, message) => {
    expect(() => compile(condition)).toThrow(message);
  });

  it('never lets a text of the caller into the SQL, whatever it holds', () => {
    const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const { sql, values } = compile(`name = ${quoted(text)} OR name CONTAINS ${quoted(text)}`);
        expect(sql).toBe(compile("name = 'a' OR name CONTAINS 'a'").sql);
        expect(values[0]).toBe(text.replaceAll('\u0000', '\uFFFD').toWellFormed());
      }),
    );
  });

  it('takes or refuses any text within a moment, and never breaks', () => {
    const words = [
      'SELECT',
      '*',
      'FROM',
      't',
      'WHERE',
      'name',
      '=',
      "'a'",
      "'",
      '"',
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      'IN',
      ',',
      '1',
      '-',
      '\\',
      ';--',
      'LIMIT',
      'null',
      ' ',
    ];
    const soup = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })), { maxLength: 400 });
    fc.assert(
      fc.property(soup, (parts) => {
        const begun = performance.now();
        for (const text of [parts.join(' '), parts.join(''), `SELECT * FROM t WHERE ${parts.join(' ')}`]) {
          try {
            const { where } = parseQuery(text);
            if (where) compileCondition(where, { find }, () => '$1');
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError);
          }
        }
        expect(performance.now() - begun).toBeLessThan(1_000);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(["'", "''", '"', '\\', '(', ' ', '-', '1', "'a' OR ", 'NOT ', 'a.'])('reads the longest text of %j within a moment', (part) => {
    const begun = performance.now();
    expect(() => parseQuery(`SELECT * FROM t WHERE name = ${part.repeat(19_000 / part.length)} ?`)).toThrow(ApiError);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
