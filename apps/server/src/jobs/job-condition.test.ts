import { expect, it } from 'vitest';
import { compileCondition } from './job-condition.ts';

function compile(query: string): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  return { sql: compileCondition(query, (value) => `$${values.push(value)}`), values };
}

it('reads the console’s own example, dates without leading zeros included', () => {
  expect(compile("startTime>'2017-5-8'")).toEqual({ sql: '"startTime" > $1', values: [new Date('2017-05-08T00:00:00Z')] });
});

it('does not mind letter case, double quotes, a leading WHERE or times', () => {
  expect(compile('WHERE STARTTIME >= "2026-11-23 14:30" AND Status = \'FAILED\'')).toEqual({
    sql: '"startTime" >= $1 AND status = $2',
    values: [new Date('2026-11-23T14:30:00Z'), 'failed'],
  });
});

it('lets and bind tighter than or, and parentheses tighter than both', () => {
  expect(compile('status=failed or status=killed and processedRecords>10').sql).toBe(
    '(status = $1 OR status = $2 AND "processedRecords" > $3)',
  );
  expect(compile('(status=failed or status=killed) and processedRecords != 10').sql).toBe(
    '((status = $1 OR status = $2)) AND "processedRecords" <> $3',
  );
});

it('asks for missing values with null', () => {
  expect(compile('endTime = null').sql).toBe('"endTime" IS NULL');
  expect(compile('endTime != null').sql).toBe('"endTime" IS NOT NULL');
});

it.each([
  ['', /a comparison is missing/],
  ['status', /one of = != </],
  ['status=', /a value is needed/],
  ['name=x', /no field "name"/],
  ["startTime>'soon'", /is no date/],
  ["startTime>'2026-02-31'", /is no date/],
  ['processedRecords>many', /is no number/],
  ['(status=failed', /closing parenthesis/],
  ['status=failed drop', /was not expected/],
  ["status='failed", /cannot be read from/],
  ['status=failed; drop table job', /cannot be read from/],
])('says what is wrong with %j', (query, message) => {
  expect(() => compile(query)).toThrow(message);
});
