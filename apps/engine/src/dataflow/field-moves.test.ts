import { describe, expect, it } from 'vitest';
import { compileMoves } from './field-moves.ts';
import type { DataRecord } from './json.ts';

const rename = (record: DataRecord, ...pairs: [from: string, to: string | undefined][]) =>
  compileMoves(pairs.map(([from, to]) => ({ from, to })))(structuredClone(record));
/** Key order counts: it becomes the column order of files. */
const text = (value: unknown) => JSON.stringify(value);

describe('moving fields', () => {
  it('renames at the top level in place', () => {
    expect(text(rename({ a: 1, b: 2, c: 3 }, ['b', 'B']))).toBe('{"a":1,"B":2,"c":3}');
  });

  it('keeps null, zero, false and empty text', () => {
    expect(text(rename({ a: null, b: 0, c: false, d: '' }, ['a', 'w'], ['b', 'x'], ['c', 'y'], ['d', 'z']))).toBe(
      '{"w":null,"x":0,"y":false,"z":""}',
    );
  });

  it('leaves a record without the source alone, and its target too', () => {
    expect(text(rename({ b: 2 }, ['a', 'b']))).toBe('{"b":2}');
    expect(text(rename({ p: { x: 1 } }, ['p.y', 'q']))).toBe('{"p":{"x":1}}');
  });

  it('replaces a field of the target name, before or after its source', () => {
    expect(text(rename({ a: 1, x: 0, b: 2 }, ['a', 'b']))).toBe('{"b":1,"x":0}');
    expect(text(rename({ b: 2, x: 0, a: 1 }, ['a', 'b']))).toBe('{"x":0,"b":1}');
  });

  it('takes values out of an object, which stays though empty', () => {
    expect(text(rename({ p: { x: 1, y: 2 }, q: 0 }, ['p.x', 'X'], ['p.y', 'Y']))).toBe('{"p":{},"q":0,"X":1,"Y":2}');
  });

  it('builds objects for a target with dots, and joins those that are there', () => {
    expect(text(rename({ a: 1, b: 2 }, ['a', 'p.q.x'], ['b', 'p.q.y']))).toBe('{"p":{"q":{"x":1,"y":2}}}');
    expect(text(rename({ a: 1, p: { q: { z: 0 } } }, ['a', 'p.q.x']))).toBe('{"p":{"q":{"z":0,"x":1}}}');
  });

  it('takes a path for the literal key when the record has one', () => {
    expect(text(rename({ 'p.x': 1, p: { x: 2 } }, ['p.x', 'X']))).toBe('{"X":1,"p":{"x":2}}');
    expect(text(rename({ a: 1, 'p.x': 0 }, ['a', 'p.x']))).toBe('{"p.x":1}');
  });

  it('takes a name in apostrophes for the literal key only', () => {
    expect(text(rename({ p: { x: 2 } }, ["'p.x'", 'X']))).toBe('{"p":{"x":2}}');
    expect(text(rename({ a: 1 }, ['a', "'p.x'"]))).toBe('{"p.x":1}');
  });

  it('nests a name with dots', () => {
    expect(text(rename({ 'p.x': 1, b: 2 }, ["'p.x'", 'p.x']))).toBe('{"b":2,"p":{"x":1}}');
  });

  it('follows chains in order, so that a later entry sees what an earlier one did', () => {
    expect(text(rename({ a: 1, x: 0 }, ['a', 'b'], ['b', 'c']))).toBe('{"c":1,"x":0}');
    expect(text(rename({ a: 1, b: 2 }, ['a', 't'], ['b', 'a'], ['t', 'b']))).toBe('{"b":1,"a":2}');
  });

  it('moves a value into an object that takes its own name', () => {
    expect(text(rename({ a: 1 }, ['a', 'a.b']))).toBe('{"a":{"b":1}}');
    expect(text(rename({ a: { b: 1 } }, ['a.b', 'a']))).toBe('{"a":1}');
  });

  it('does nothing when source and target are the same', () => {
    expect(text(rename({ a: 1, b: 2 }, ['a', 'a']))).toBe('{"a":1,"b":2}');
  });

  it('reads and removes items of lists by their index', () => {
    expect(text(rename({ list: [{ v: 1 }, { v: 2 }] }, ['list.1.v', 'second'], ['list.0', undefined]))).toBe('{"list":[{}],"second":2}');
  });

  it('knows __proto__ and constructor as names like any other', () => {
    const record = JSON.parse('{"__proto__": 1, "b": 2}') as DataRecord;
    expect(text(rename(record, ['b', 'c']))).toBe('{"__proto__":1,"c":2}');
    expect(text(rename(record, ['__proto__', 'safe'], ['b', '__proto__']))).toBe('{"safe":1,"__proto__":2}');
    expect(text(rename({ a: 1 }, ['constructor', 'b']))).toBe('{"a":1}');
  });

  it('removes fields and whole objects', () => {
    expect(text(rename({ a: 1, p: { x: 1, y: 2 }, 'q.r': 3, q: { r: 4 } }, ['a', undefined], ['p.x', undefined], ['q.r', undefined]))).toBe(
      '{"p":{"y":2},"q":{"r":4}}',
    );
    expect(text(rename({ p: { x: 1 }, b: 1 }, ['p', undefined], ['missing', undefined]))).toBe('{"b":1}');
    expect(text(rename({ p: { x: 1, y: 2 } }, ['p.x', undefined], ['p', undefined]))).toBe('{}');
  });

  it.each([
    [
      [
        ['a', 'q.x'],
        ['b', 'p.x'],
      ],
    ],
    [[['b', 'p.x']]],
    [
      [
        ['a', 'c'],
        ['c', 'd'],
        ['b', 'p.x'],
      ],
    ],
  ] as [[string, string][]][])('changes nothing when a value stands in the way: %j', (pairs) => {
    const record: DataRecord = { a: 1, b: 2, q: { y: 1 }, p: 'text' };
    const before = text(record);
    const move = compileMoves(pairs.map(([from, to]) => ({ from, to })));
    expect(() => move(record)).toThrow('Field p.x cannot be set: p holds a string. Write to another field, or remove p first.');
    expect(text(record)).toBe(before);
  });
});
