import { describe, expect, it } from 'vitest';
import type { DataRecord } from '#dataflow';
import { hostile, runComponent } from '#testing';
import gender from './gender.ts';

const guess = async (name: DataRecord[string], params: DataRecord = {}) =>
  (await runComponent(gender, { params: { firstNameField: 'n', targetField: 'g', ...params }, records: [{ n: name ?? null }] })).records[0];

describe('guessing gender', () => {
  it.each([
    ['Mary', 'f'],
    ['james', 'm'],
    [' JOSÉ ', 'm'],
    ['Anna-Lena', 'f'],
    ['John Paul', 'm'],
    ['Mary Ann', 'f'],
  ])('takes %s for %s', async (name, expected) => {
    const record = await guess(name);
    expect(record?.g).toBe(expected);
    expect(record?.gProbability).toBeGreaterThan(0.9);
  });

  it.each([null, '', 'Zzyzx', 7, '张伟', '__proto__', 'constructor'])('does not know %j', async (name) => {
    expect(await guess(name)).toMatchObject({ g: 'u', gProbability: null });
  });

  it('keeps the probability when the guess is not sure enough', async () => {
    expect(await guess('Robin', { minProbability: '0.95' })).toMatchObject({ g: 'u', gProbability: 0.87 });
  });

  it('writes the probability where it is told to', async () => {
    expect(await guess('Mary', { probabilityField: 'p.q' })).toMatchObject({ g: 'f', p: { q: expect.any(Number) } });
    expect(await guess('Mary', { targetField: "'a.b'" })).toHaveProperty(['a.bProbability']);
  });

  it('sends a record whose field is in the way to the error path, unchanged', async () => {
    const run = await runComponent(gender, {
      params: { firstNameField: 'n', targetField: 'data.guess' },
      records: [{ n: 'Mary', data: 'text' }],
    });
    expect(run.records).toEqual([]);
    expect(run.errors[0]).toMatchObject({ n: 'Mary', data: 'text' });
  });

  it('survives hostile records', async () => {
    const run = await runComponent(gender, { params: { firstNameField: 'text', targetField: 'guess' }, records: hostile.hostileRecords() });
    expect(run.records).toHaveLength(hostile.hostileRecords().length);
  });
});
