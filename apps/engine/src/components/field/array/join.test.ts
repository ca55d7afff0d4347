import { expect, it } from 'vitest';
import { runComponent } from '#testing';
import join from './join.ts';

it('joins texts, numbers, nulls and objects; what is no list stays', async () => {
  const records = [{ l: ['a', 1, null, true, { x: [1] }] }, { l: [] }, { l: 'text' }, { l: null }, {}];
  const run = await runComponent(join, { params: { field: 'l', separator: '|' }, records });
  expect(run.records).toEqual([{ l: 'a|1||true|{"x":[1]}' }, { l: '' }, { l: 'text' }, { l: null }, {}]);
});

it('joins by a comma, and by nothing when that is said', async () => {
  expect((await runComponent(join, { params: { field: 'a.b' }, records: [{ a: { b: [1, 2] } }] })).records).toEqual([{ a: { b: '1,2' } }]);
});
