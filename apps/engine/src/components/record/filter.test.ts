import { describe, expect, it } from 'vitest';
import type { DataRecord } from '#dataflow';
import { hostile, runComponent } from '#testing';
import filter from './filter.ts';

const kept = async (condition: string, records: DataRecord[], more: DataRecord = {}) =>
  runComponent(filter, { params: { condition, ...more }, records });

describe('filtering records', () => {
  it('keeps those for which the condition is true, unchanged and in order', async () => {
    const records = [{ a: 1 }, { a: 5 }, { a: 3, b: { c: [1] } }, {}];
    expect((await kept('a ge 3', records)).records).toEqual([{ a: 5 }, { a: 3, b: { c: [1] } }]);
    expect((await kept('not empty b', records)).records).toEqual([{ a: 3, b: { c: [1] } }]);
  });

  it('counts as true what counts as true in a ternary', async () => {
    const values: DataRecord[] = [{ v: true }, { v: 'true' }, { v: 1 }, { v: false }, { v: null }, { v: '' }, { v: 0 }, { v: 'false' }, {}];
    const { records } = await kept('v', values);
    const same = await Promise.all(values.map(async (value) => ({ value, run: await kept('v ? true : false', [value]) })));
    expect(records).toEqual(same.filter(({ run }) => run.records.length > 0).map(({ value }) => value));
    expect(records).toContainEqual({ v: true });
    expect(records).not.toContainEqual({ v: false });
    expect(records).not.toContainEqual({});
  });

  it('sends the others down the error path when it is told to', async () => {
    const run = await kept('a eq 1', [{ a: 1 }, { a: 2 }], { otherwise: 'error' });
    expect(run.records).toEqual([{ a: 1 }]);
    expect(run.errors).toMatchObject([{ a: 2, _errorDetails: { errorCode: 400009 } }]);
  });

  it('survives hostile records', async () => {
    const records = hostile.hostileRecords();
    expect((await kept('true', records)).records).toEqual(hostile.hostileRecords());
    expect((await kept('text ne null', records)).errors).toEqual([]);
  });

  it('names the condition that cannot be read, before the job starts', () => {
    expect(filter.params.safeParse({ condition: 'a ==' }).error?.issues[0]?.path).toEqual(['condition']);
    expect(filter.params.safeParse({ condition: 'a /* not closed' }).success).toBe(false);
  });
});
