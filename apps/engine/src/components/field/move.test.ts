import { describe, expect, it } from 'vitest';
import { runComponent } from '#testing';
import move from './move.ts';

const order = async (fields: string[], after: string, record: object) => {
  const { records } = await runComponent(move, { params: { fields, after }, records: [record as Record<string, never>] });
  return JSON.stringify(records[0]);
};

describe('field.move', () => {
  it.each([
    [['c'], 'a', '{"a":1,"c":3,"b":2}'],
    [['a'], 'c', '{"b":2,"c":3,"a":1}'],
    [['c', 'a'], 'b', '{"b":2,"c":3,"a":1}'],
    [['c', 'b', 'c'], 'a', '{"a":1,"c":3,"b":2}'],
    [['a', 'b'], 'b', '{"b":2,"a":1,"c":3}'],
    [['missing', 'c'], 'a', '{"a":1,"c":3,"b":2}'],
    [['a'], 'missing', '{"a":1,"b":2,"c":3}'],
  ])('%j after %s', async (fields, after, expected) => {
    expect(await order(fields, after, { a: 1, b: 2, c: 3 })).toBe(expected);
  });

  it('takes names with dots as they are, and records of changing shape', async () => {
    expect(await order(['profile.email'], "'a.b'", { 'a.b': 1, x: 2, 'profile.email': 3 })).toBe('{"a.b":1,"profile.email":3,"x":2}');
    const { records } = await runComponent(move, {
      params: { fields: ['c'], after: 'a' },
      records: [
        { a: 1, b: 2, c: 3 },
        { c: 1, a: 2 },
        { b: 1, c: 2 },
        { a: 1, b: 2, c: 3 },
      ],
    });
    expect(records.map((record) => Object.keys(record).join(''))).toEqual(['acb', 'ac', 'bc', 'acb']);
  });
});
