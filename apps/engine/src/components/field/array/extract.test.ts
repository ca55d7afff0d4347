import { describe, expect, it } from 'vitest';
import { runComponent } from '#testing';
import extract from './extract.ts';

describe('field.array.extract', () => {
  it('makes a record of each item, with nested fields of its parent', async () => {
    const records = [
      { UID: 'u1', profile: { email: 'e' }, data: { list: [{ id: 1, UID: 'own' }, 'text', [2], null] } },
      { UID: 'u2', data: { list: { id: 5 } } },
      { UID: 'u3' },
      { UID: 'u4', data: { list: null } },
    ];
    const run = await runComponent(extract, { params: { field: 'data.list', propagationFields: ['UID', 'profile.email'] }, records });
    expect(run.records).toEqual([
      { UID: 'u1', profile: { email: 'e' }, id: 1 },
      { UID: 'u1', profile: { email: 'e' }, value: 'text' },
      { UID: 'u1', profile: { email: 'e' }, value: [2] },
      { UID: 'u1', profile: { email: 'e' }, value: null },
      { UID: 'u2', id: 5 },
    ]);
    expect(run.records[0]?.profile).not.toBe(run.records[1]?.profile);
    expect(run.errors).toEqual([]);
  });

  it('gives the same data the same key in every run, and every item another', async () => {
    const options = { params: { field: 'l', generateKey: 'true' }, records: [{ l: [1, 1] }, { l: [1, 1], x: 1 }] };
    const keys = async () => (await runComponent(extract, options)).records.map(({ _key }) => _key);
    const first = await keys();
    expect(new Set(first).size).toBe(4);
    expect(first.every((key) => /^[0-9a-f]{32}$/.test(String(key)))).toBe(true);
    expect(await keys()).toEqual(first);
  });

  it('fails a record whose field is no list, and one whose parent value finds no place', async () => {
    const records = [{ l: 5 }, { l: [{ p: 'text' }], p: { x: 1 } }];
    const { errors } = await runComponent(extract, { params: { field: 'l', propagationFields: ['p.x'] }, records });
    expect(errors).toMatchObject([
      { l: 5, _errorDetails: { errorCode: 400009 } },
      { ...records[1], _errorDetails: { errorCode: 400009 } },
    ]);
  });
});
