import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObjectText } from './is-object-text.ts';

const sure = (text: string) => {
  const bytes = Buffer.from(`x${text}\n{}`);
  return isObjectText(bytes, 1, bytes.length - 3);
};

const isObject = (text: string) => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

test('every object that JSON.stringify writes is one', () => {
  fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => sure(JSON.stringify(value))));
});

test('what is said to be an object can be parsed, whatever was done to its text', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u00e',
    '1',
    '-',
    '.',
    'e',
    '0',
    'true',
    'nul',
    ' ',
    '\t',
    '\u0001',
    'ö',
  );
  const change = fc.tuple(fc.nat(), fc.nat(3), piece);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(change, { maxLength: 3 }), (value, changes) => {
      const text = changes.reduce((changed, [at, cut, put]) => {
        const place = at % (changed.length + 1);
        return changed.slice(0, place) + put + changed.slice(place + cut);
      }, JSON.stringify(value));
      return !sure(text) || isObject(text);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  '{"a":01}',
  '{"a":1.}',
  '{"a":.5}',
  '{"a":-}',
  '{"a":1e}',
  '{"a":+1}',
  '{"a":"\t"}',
  '{"a":"\\x"}',
  '{"a":"\\u12g4"}',
  '{"a":tru}',
  '{"a" 1}',
  '{"a":1,}',
  '{,}',
  '{"a":[1,]}',
  '{"a":[}',
  '{"a":1}}',
  '{"a":1} {"b":2}',
  '{"a":"',
  '{"a',
  '{',
  '',
  '[]',
  '1',
  'null',
  '{a:1}',
  "{'a':1}",
  '{"a":NaN}',
])('%j is not said to be an object', (text) => {
  expect(sure(text)).toBe(false);
});

test.each([
  '{}',
  '{ }',
  ' {}'.trim(),
  '{"a":[]}',
  '{"a":{"b":[1,-0.5e+3,true,false,null,"\\u00e9\\n"]}}',
  '{ "a" : [ 1 , { } ] , "b" : 2 }',
])('%j is', (text) => {
  expect(sure(text)).toBe(true);
});

test('of what is nested deeply nothing is said', () => {
  expect(sure(`{"a":${'['.repeat(60)}${']'.repeat(60)}}`)).toBe(true);
  expect(sure(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toBe(false);
});
