import { describe, expect, it } from 'vitest';
import type { DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import flatten from './flatten.ts';

const run = async (params: DataRecord, record: DataRecord) =>
  JSON.stringify((await runComponent(flatten, { params, records: [record] })).records[0]);

describe('field.flatten', () => {
  it.each<[string, DataRecord, DataRecord, string]>([
    [
      'a nested object goes to the top level, its parent stays',
      { fields: ['data.mc'] },
      { data: { mc: { a: 1 }, b: 2 }, c: 3 },
      '{"data":{"b":2},"c":3,"a":1}',
    ],
    ['no value is lost when a name is taken', { fields: ['p'] }, { p: { a: 1, b: 2 }, a: 'own' }, '{"p.a":1,"b":2,"a":"own"}'],
    ['two objects with one name', { fields: ['p', 'q'] }, { p: { a: 1 }, q: { a: 2 } }, '{"a":1,"q.a":2}'],
    ['a member called like its object', { fields: ['p'] }, { p: { p: 1 } }, '{"p":1}'],
    ['an empty object', { fields: ['p'] }, { p: {}, a: 1 }, '{"a":1}'],
    ['a list, a text and a missing field stay', { fields: ['l', 't', 'm'] }, { l: [1], t: 'x' }, '{"l":[1],"t":"x"}'],
    ['a name with a dot', { fields: ["'a.b'"], names: 'path' }, { 'a.b': { c: 1 } }, '{"a.b.c":1}'],
    ['the key __proto__', { fields: ['p'] }, JSON.parse('{"p":{"__proto__":{"x":1}}}') as DataRecord, '{"__proto__":{"x":1}}'],
  ])('%s', async (_, params, record, flat) => {
    expect(await run(params, record)).toBe(flat);
  });
});
