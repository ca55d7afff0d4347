import { expect, test } from 'vitest';
import { sampleRecord } from './sample-input.ts';

test('fields with dots nest, and their names decide the example', () => {
  expect(sampleRecord(['UID', 'profile.email', 'profile.firstName', 'note'])).toEqual({
    UID: 'f3a1c0de',
    profile: { email: 'ada@example.com', firstName: 'Ada' },
    note: 'text',
  });
});

test('without known fields there is something to try with', () => {
  expect(sampleRecord([])).toMatchObject({ profile: { email: 'ada@example.com' } });
});

test('a field that is both a value and an object becomes the object', () => {
  expect(sampleRecord(['data', 'data.score'])).toEqual({ data: { score: 'text' } });
});

test('names of the prototype are ordinary fields', () => {
  expect(Object.keys(sampleRecord(['__proto__.x']))).toEqual(['__proto__']);
});
