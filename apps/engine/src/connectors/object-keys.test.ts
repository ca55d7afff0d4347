import { describe, expect, test } from 'vitest';
import { keyPrefix, objectFiles, objectKey } from './object-keys.ts';

describe('the key of an object', () => {
  test.each([
    ['', 'a.csv', 'a.csv'],
    ['out/', 'a.csv', 'out/a.csv'],
    ['out', 'a.csv', 'out/a.csv'],
    ['/out/', 'success/a.csv', 'out/success/a.csv'],
    ['/', 'a.csv', 'a.csv'],
    ['out', '...', 'out/...'],
    ['Grüße', 'ä.csv', 'Grüße/ä.csv'],
  ])('of the folder %j and the name %j is %j', (folder, name, key) => {
    expect(objectKey(folder, name)).toBe(key);
  });

  test.each([
    ['out', '', 'has no name'],
    ['out', 'a/', 'has no name'],
    ['out', '../a', 'a part . or ..'],
    ['.', 'a', 'a part . or ..'],
    ['out', 'a\nb', 'control characters'],
    ['out', 'ä'.repeat(511), '1026 bytes long'],
  ])('of the folder %j and the name %j is refused', (folder, name, why) => {
    expect(() => objectKey(folder, name)).toThrow(why);
  });
});

test('a prefix loses the slashes at its head, and files are called by the last part of their keys', () => {
  expect([keyPrefix('/in/'), keyPrefix('in'), keyPrefix('//')]).toEqual(['in/', 'in', '']);
  const listed = ['in/', 'in/a.csv', 'in/sub/b.csv', 'c.csv'].map((key) => ({ key, size: 1, modifiedMs: 2 }));
  expect(objectFiles(listed)).toEqual([
    { name: 'a.csv', path: 'in/a.csv', size: 1, modifiedMs: 2 },
    { name: 'b.csv', path: 'in/sub/b.csv', size: 1, modifiedMs: 2 },
    { name: 'c.csv', path: 'c.csv', size: 1, modifiedMs: 2 },
  ]);
});
