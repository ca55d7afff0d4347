import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DataRecord } from '#dataflow';
import { analyseExpression, type CompiledExpression } from './compile.ts';
import { ExpressionError } from './expression-error.ts';
import { expressions, person } from './fixtures/jexl-expressions.ts';

/**
 * Whatever a person types or a record holds: compiling ends with an ExpressionError or a function, running with JSON or a RecordError, both
 * soon, and the record is never changed. Expressions are cut, doubled, spliced and littered; the seed is told when one fails.
 */
const seeds = expressions.slice(0, 420);
const litter = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  "'",
  '"',
  '`',
  '${',
  '}',
  '\\',
  '.',
  '..',
  '?',
  ':',
  '??',
  '=~',
  '!~',
  '=^',
  '(a+)+$',
  '0x',
  '08',
  '1e9',
  '\u0000',
  '\ud83d',
  '😀',
  ' and ',
  ' not ',
  ' empty ',
  'size',
  '__proto__',
  'constructor',
  '*',
  '/*',
  '//',
  '-',
  '1..9999',
  ".replaceAll('(.*a){20}', '$1')",
  ".split('')",
  ".matches('(a|aa)+')",
];

const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(200), fc.constantFrom('cut', 'insert', 'splice', 'repeat', 'drop'), fc.constantFrom(...litter)), {
      maxLength: 6,
    }),
  )
  .map(([source, other, changes]) =>
    changes.reduce((text, [place, change, piece]) => {
      const at = text.length === 0 ? 0 : place % (text.length + 1);
      if (change === 'cut') return text.slice(0, at);
      if (change === 'insert') return text.slice(0, at) + piece + text.slice(at);
      if (change === 'splice') return text.slice(0, at) + other.slice(place % (other.length + 1));
      if (change === 'repeat') return text.slice(0, 200) + piece.repeat(1 + (place % 20));
      return text.slice(0, at) + text.slice(at + 1);
    }, source),
  );

const records: DataRecord[] = [
  person,
  {},
  JSON.parse(
    '{"__proto__":{"status":1},"UID":"\\ud83d","profile":[],"status":{},"age":"x","scores":"abc","csv":null,"word":1e308}',
  ) as DataRecord,
  {
    word: 'a'.repeat(500),
    csv: ','.repeat(500),
    status: `${'a'.repeat(500)}!`,
    profile: { email: '@'.repeat(500) },
    age: Number.MAX_VALUE,
    scores: [[[]]],
  },
];
const before = JSON.stringify(records);

function compile(source: string): CompiledExpression | undefined {
  try {
    return analyseExpression(source);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionError);
    expect((error as Error).message).toMatch(/ at character \d+\.$/);
    return undefined;
  }
}

it('compiles any text or says where it is wrong, and runs over any record', { timeout: 120_000 }, () => {
  let compiled = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 8, arbitrary: mutated }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) }),
      (source) => {
        const found = compile(source);
        if (!found) return;
        compiled++;
        for (const record of records) {
          try {
            const value = found.run(record);
            expect(value).toBeDefined();
            JSON.stringify(value);
          } catch (error) {
            expect((error as Error).name, String((error as Error).stack)).toBe('RecordError');
            // What grows beyond all bounds may fail anywhere.
            expect(found.mayFail || /too large|grow beyond/.test(String(error))).toBe(true);
          }
        }
      },
    ),
    { numRuns: 4000, interruptAfterTimeLimit: 30_000 },
  );
  expect(compiled).toBeGreaterThan(500);
  expect(JSON.stringify(records)).toBe(before);
});

it('takes no time over long and deep texts', { timeout: 60_000 }, () => {
  const long = [
    'a'.repeat(1e6),
    '('.repeat(1e5),
    "'".repeat(99_999),
    'a.'.repeat(1e5),
    `${'a + '.repeat(20_000)}a`,
    '[[['.repeat(1e4),
    '`${'.repeat(1e4),
    'a ? '.repeat(1e4),
    '1'.repeat(1e5),
    '!'.repeat(1e5),
    `a${'_a'.repeat(1e4)}`,
    `a${'_a'.repeat(4000)}`,
    `a${'.a'.repeat(4000)}`,
    `a${'.trim()'.repeat(1000)}`,
    `a${' + a'.repeat(450)}`,
    `word${".replaceAll('.', '$0$0')".repeat(300)}`,
    `${"'' + [".repeat(60)}'"'${']'.repeat(60)}`,
    `${'a == '.repeat(5000)}a`,
  ];
  for (const source of long) {
    const found = compile(source);
    try {
      found?.run(person);
    } catch (error) {
      expect(error).toMatchObject({ name: 'RecordError', message: expect.stringMatching(/grow beyond|too large/) });
    }
  }
});
