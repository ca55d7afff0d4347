import { describe, expect, it } from 'vitest';
import { RecordError } from './errors.ts';
import { compileGet, compileRemove, compileSet, isLiteralPath, parseFieldPath } from './field-path.ts';
import type { DataRecord } from './json.ts';

const set = (record: DataRecord, path: string, value: DataRecord[string]) => {
  compileSet(path)(record, value);
  return record;
};

describe('reading a field path', () => {
  it('takes the key of exactly that name before the nested value', () => {
    const get = compileGet('profile.email');
    expect(get({ 'profile.email': 'flat', profile: { email: 'nested' } })).toBe('flat');
    expect(get({ profile: { email: 'nested' } })).toBe('nested');
    expect(get({ profile: null })).toBeUndefined();
    expect(get({ profile: 'text' })).toBeUndefined();
    expect(get({})).toBeUndefined();
  });

  it('takes only the key when the path stands in apostrophes', () => {
    const get = compileGet("'profile.email'");
    expect(get({ profile: { email: 'nested' } })).toBeUndefined();
    expect(get({ 'profile.email': 'flat' })).toBe('flat');
    expect(isLiteralPath("'a'")).toBe(true);
    expect(isLiteralPath("''")).toBe(false);
    expect(parseFieldPath("'a.b'")).toEqual({ key: 'a.b', parts: undefined });
  });

  it('takes numbers as indexes of lists, and nothing else of them', () => {
    expect(compileGet('emails.1')({ emails: ['a', 'b'] })).toBe('b');
    expect(compileGet('emails.1.x')({ emails: ['a', { x: 1 }] })).toBe(1);
    expect(compileGet('emails.length')({ emails: ['a'] })).toBeUndefined();
    expect(compileGet('emails.-1')({ emails: ['a'] })).toBeUndefined();
  });

  it('never reads what an object inherits', () => {
    for (const path of ['constructor', 'toString', '__proto__', 'a.constructor', 'a.__proto__', '__proto__.polluted']) {
      expect(compileGet(path)({ a: {} })).toBeUndefined();
    }
    expect(compileGet('__proto__.a')(JSON.parse('{"__proto__":{"a":1}}'))).toBe(1);
  });

  it('takes null as a value, and a path with empty parts as one key', () => {
    expect(compileGet('a.b')({ 'a.b': null, a: { b: 1 } })).toBeNull();
    expect(compileGet('a..b')({ 'a..b': 1 })).toBe(1);
    expect(compileGet('a..b')({ a: { '': { b: 1 } } })).toBeUndefined();
  });
});

describe('writing a field path', () => {
  it('writes over the key of that name, else nested, making what is missing', () => {
    expect(set({ 'a.b': 1 }, 'a.b', 2)).toEqual({ 'a.b': 2 });
    expect(set({}, 'a.b.c', 2)).toEqual({ a: { b: { c: 2 } } });
    expect(set({ a: null }, 'a.b', 2)).toEqual({ a: { b: 2 } });
    expect(set({ a: { x: 1 } }, 'a.b', 2)).toEqual({ a: { x: 1, b: 2 } });
    expect(set({ a: { b: 1 } }, "'a.b'", 2)).toEqual({ a: { b: 1 }, 'a.b': 2 });
  });

  it('changes and lengthens lists, but leaves no holes', () => {
    expect(set({ a: ['x', 'y'] }, 'a.1', 'z')).toEqual({ a: ['x', 'z'] });
    expect(set({ a: ['x'] }, 'a.1', 'y')).toEqual({ a: ['x', 'y'] });
    expect(() => set({ a: ['x'] }, 'a.3', 'y')).toThrow(RecordError);
    expect(() => set({ a: ['x'] }, 'a.name', 'y')).toThrow('a holds a list');
  });

  it('refuses to bury a text, a number or a boolean, and leaves the record as it was', () => {
    const record: DataRecord = { a: { b: 'text' } };
    expect(() => set(record, 'a.b.c', 1)).toThrow(
      'Field a.b.c cannot be set: a.b holds a string. Write to another field, or remove a.b first.',
    );
    expect(record).toEqual({ a: { b: 'text' } });
  });

  it('sets __proto__ as a name like any other', () => {
    const record = set({}, '__proto__.polluted', true);
    expect(Object.keys(record)).toEqual(['__proto__']);
    expect(JSON.stringify(record)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as DataRecord).polluted).toBeUndefined();
  });
});

describe('removing a field path', () => {
  it('removes the key of that name first, else the nested value, and says whether there was one', () => {
    const record: DataRecord = { 'a.b': 1, a: { b: 2, c: 3 } };
    const remove = compileRemove('a.b');
    expect([remove(record), record]).toEqual([true, { a: { b: 2, c: 3 } }]);
    expect([remove(record), record]).toEqual([true, { a: { c: 3 } }]);
    expect([remove(record), record]).toEqual([false, { a: { c: 3 } }]);
  });

  it('removes entries of lists, and nothing inherited', () => {
    const record: DataRecord = { a: ['x', 'y'] };
    expect(compileRemove('a.0')(record)).toBe(true);
    expect(compileRemove('a.5')(record)).toBe(false);
    expect(compileRemove('a.length')(record)).toBe(false);
    expect(compileRemove('constructor')(record)).toBe(false);
    expect(compileRemove('x.y')(record)).toBe(false);
    expect(record).toEqual({ a: ['y'] });
  });
});
