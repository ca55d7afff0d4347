import fc from 'fast-check';
import jexl from 'jexl';
import { expect, it } from 'vitest';
import type { DataRecord } from '#dataflow';
import { compileExpression } from './compile.ts';

/**
 * The `jexl` library speaks a relative of Commons JEXL. Where the two languages mean the same (numbers, comparisons of numbers, logic with
 * brackets, choice, concatenation, own nested fields, lists) its evaluator is an independent oracle.
 */
const record: DataRecord = { a: 3, b: -2.5, c: 0, t: 'text', u: '', yes: true, no: false, deep: { x: 7, name: 'inner' }, list: [5, 6] };

const numbers = fc.letrec<{ number: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c', 'deep.x', 'list[1]'),
    fc.nat(99).map(String),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('number'), tie('number'), tie('number')).map(([l, m, r]) => `(${l} + ${m} * ${r} - ${l})`),
  ),
})).number;

const conditions = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('yes', 'no', 'true', 'false'),
    fc.tuple(numbers, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), numbers).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    tie('condition').map((c) => `!(${c})`),
  ),
})).condition;

const texts = fc.oneof(
  fc.constantFrom('t', 'u', 'deep.name', "'x y'", '"quoted"'),
  fc.tuple(fc.constantFrom('t', 'u'), numbers).map(([t, n]) => `${t} + ' ' + ${n}`),
);

const expressions = fc.oneof(
  numbers,
  conditions,
  texts,
  fc.tuple(conditions, numbers, texts).map(([c, n, t]) => `${c} ? ${n} : ${t}`),
  fc.tuple(numbers, texts).map(([n, t]) => `[${n}, ${t}]`),
  fc.tuple(texts, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), texts).map(([l, o, r]) => `(${l}) ${o} (${r})`),
  fc.tuple(conditions, conditions, numbers, texts).map(([c, d, n, t]) => `${c} ? (${d} ? ${n} : ${t}) : {key: ${t}, other: [${n}]}`),
  fc.tuple(numbers, texts).map(([n, t]) => `{a: {b: ${t}}, c: ${n}}.a.b`),
);

/** Zero has no sign in JEXL. */
function withoutSign(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSign);
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSign(inner)]));
}

it('agrees with the jexl library where both languages mean the same', () => {
  fc.assert(
    fc.property(expressions, (source) => {
      expect(compileExpression(source)(record)).toEqual(withoutSign(jexl.evalSync(source, record)));
    }),
    { numRuns: 2000 },
  );
});
