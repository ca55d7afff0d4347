import { describe, expect, it } from 'vitest';
import { decodeBase64Text, encodeBase64Text } from './base64-text.ts';

describe('base64 of text', () => {
  it('comes back as it went, whatever the characters', () => {
    for (const text of ['', 'a', 'return "é 日本 👩‍👩‍👧";\n', '\uFEFFx', 'x'.repeat(200_000)])
      expect(decodeBase64Text(encodeBase64Text(text))).toBe(text);
  });

  it('may be broken into lines', () => {
    expect(decodeBase64Text('YW\nJj \r\n')).toBe('abc');
  });

  it('is refused when it is cut off, no base64 or no UTF-8', () => {
    expect(decodeBase64Text('YWJjZ')).toBeUndefined();
    expect(decodeBase64Text('return record;')).toBeUndefined();
    expect(decodeBase64Text('gICA')).toBeUndefined();
  });
});
