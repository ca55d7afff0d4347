import { describe, expect, it } from 'vitest';
import { runComponent } from '#testing';
import copy from './copy.ts';

const entry = (sourceField: string, targetField: string) => ({ sourceField, targetField });

describe('field.copy', () => {
  it('gives every target a value of its own', async () => {
    const { records } = await runComponent(copy, {
      params: { fields: [entry('data', 'backup'), entry('data.n', "'data.n'")] },
      records: [{ data: { n: [1] } }],
    });
    expect(records).toEqual([{ data: { n: [1] }, backup: { n: [1] }, 'data.n': [1] }]);
    expect(records[0]?.backup).not.toBe(records[0]?.data);
  });

  it('lets a later entry see the copies of earlier ones, and a copy into itself', async () => {
    const { records } = await runComponent(copy, {
      params: { fields: [entry('a', 'b'), entry('b', 'c'), entry('o', 'o.inner')] },
      records: [{ a: 1, o: { x: 1 } }],
    });
    expect(records).toEqual([{ a: 1, o: { x: 1, inner: { x: 1 } }, b: 1, c: 1 }]);
  });

  it('leaves a record as it came when a value stands in the way', async () => {
    const record = { a: 1, p: 'text' };
    for (const fields of [[entry('a', 'b'), entry('a', 'p.x')], [entry('a', 'p.x')]]) {
      const { records, errors } = await runComponent(copy, { params: { fields }, records: [record] });
      expect(records).toEqual([]);
      expect(errors).toMatchObject([{ ...record, _errorDetails: { errorCode: 400009 } }]);
      expect(Object.keys(errors[0] ?? {})).toEqual(['a', 'p', '_errorDetails']);
    }
  });
});
