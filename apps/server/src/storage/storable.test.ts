import { expect, it } from 'vitest';
import { storableJson, storableText } from './storable.ts';

it('replaces what PostgreSQL does not store, in texts, values and keys', () => {
  expect(storableText('a\u0000b\ud800')).toBe('a\uFFFDb\uFFFD');
  expect(JSON.parse(storableJson({ 'k\u0000': ['\ud800x', { a: '\u0000\u0000' }] }))).toEqual({
    'k\uFFFD': ['\uFFFDx', { a: '\uFFFD\uFFFD' }],
  });
});

it('leaves everything else as it is, backslashes and pairs of surrogates too', () => {
  const value = { text: '\\u0000 \\\\u0000 \\ud800 😀 "quoted" \n', nothing: null, list: [1, true] };
  expect(JSON.parse(storableJson(value))).toEqual(value);
  expect(storableText('😀 ä')).toBe('😀 ä');
});
