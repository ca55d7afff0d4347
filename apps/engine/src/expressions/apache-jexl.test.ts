import { describe, expect, it } from 'vitest';
import type { Json } from '#dataflow';
import { compileExpression } from './compile.ts';
import apache from './fixtures/apache-jexl.json' with { type: 'json' };
import { expressions, person } from './fixtures/jexl-expressions.ts';

/**
 * What Apache Commons JEXL 3.1 itself answered in its lenient mode (fixtures/ask-apache-jexl.ts): "!parse" for an expression it refuses,
 * "!fails" for one that throws, "!NaN" for a number that is none.
 */
const answers = new Map(apache as unknown as [expression: string, answer: Json][]);

const refused = Symbol('refused when it is compiled');
const fails = Symbol('fails the record');

/** Where this product differs on purpose, and what it gives instead. */
const deviations: Record<string, [ours: Json | symbol, why: string]> = {
  'age;': [41, 'a closing semicolon does no harm'],
  size: [null, 'size and empty may be names of fields'],
  'empty -3': [-3, 'size and empty may be names of fields: this is a subtraction'],
  'size -3': [-3, 'size and empty may be names of fields: this is a subtraction'],
  "csv.split(',').length": [4, 'length of a list is its size, as scripts have it'],
  'word.unknownMethod()': [refused, 'a method that does not exist is a fault to be told before the job starts'],
  'word.hashCode()': [refused, 'a method that does not exist is a fault to be told before the job starts'],
  'word.substring()': [refused, 'a wrong number of arguments is told before the job starts'],
  "word.substring('x')": [fails, 'Apache gives null for a method with arguments of a wrong kind, which hides the fault'],
  'status.substring(0, 99)': ['subscribed', 'the end of a part may lie behind the text: cutting to a length is what it is used for'],
  "'abc'.charAt(9)": ['', 'there is no character behind the text'],
  'scores.get(9)': [null, 'get() of a list is what brackets are'],
  'ratio > 1': [true, 'Apache throws, as it reads the text as a whole number'],
  '-points': [-250, 'a numeric text counts as a number here as everywhere'],
  '-ratio': [-1.5, 'a numeric text counts as a number here as everywhere'],
  '-missing': [0, 'null counts as 0 here as everywhere'],
  '-nothing': [0, 'null counts as 0 here as everywhere'],
  '-blank': [0, 'empty text counts as 0 here as everywhere'],
};

const values: Record<string, Json> = { ...person, "'true'": 'true', '-3': -3 };

/** Apache throws for a number beside a text that it cannot read as a whole number; here no comparison fails. */
function comparison(expression: string): boolean | undefined {
  const [left = '', operator = '', right = ''] = expression.split(' ');
  if (!(left in values && right in values)) return undefined;
  const [a, b] = [Number(values[left]), Number(values[right])];
  const known: Record<string, boolean> = {
    '==': a === b,
    '!=': a !== b,
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
    '=^': a === b,
    '=$': a === b,
  };
  return known[operator];
}

function run(expression: string): Json | symbol {
  let compiled: (record: typeof person) => Json;
  try {
    compiled = compileExpression(expression);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ExpressionError' });
    return refused;
  }
  try {
    const value = compiled(person);
    return value === 0 ? 0 : value;
  } catch (error) {
    expect(error).toMatchObject({ name: 'RecordError' });
    return fails;
  }
}

function expected(expression: string, answer: Json): Json | symbol {
  const deviation = deviations[expression];
  if (deviation) return deviation[0];
  if (answer === '!parse') return refused;
  if (answer === '!fails') return comparison(expression) ?? fails;
  return answer === 0 ? 0 : answer;
}

describe('Apache Commons JEXL', () => {
  it('was asked about all expressions', () => {
    expect([...answers.keys()]).toEqual(expressions);
    expect(expressions.length).toBeGreaterThan(2500);
  });

  it.each([...answers].filter(([, answer]) => answer !== '!NaN'))('%s', (expression, answer) => {
    expect(run(expression)).toEqual(expected(expression, answer));
  });

  it('gives NaN where empty text meets a fraction; here empty text counts as 0', () => {
    const odd = [...answers].filter(([, answer]) => answer === '!NaN').map(([expression]) => expression);
    expect(odd.every((expression) => /blank|''/.test(expression))).toBe(true);
    expect(odd.map(run).filter((result) => typeof result !== 'number' && typeof result !== 'boolean')).toEqual([]);
    expect(['rate + blank', 'rate * blank', 'blank - rate', 'rate / blank'].map(run)).toEqual([1.5, 0, -1.5, 0]);
  });

  it('differs from this product only where the list of deviations says', () => {
    for (const [expression, [ours]] of Object.entries(deviations)) {
      expect(answers.has(expression)).toBe(true);
      expect(ours, expression).not.toEqual(answers.get(expression));
    }
  });
});
