import { describe, expect, it } from 'vitest';
import type { DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import select from './select.ts';

const run = async (fields: string[], record: DataRecord) =>
  (await runComponent(select, { params: { fields }, records: [record] })).records[0];

describe('field.select', () => {
  const record = {
    UID: 'u1',
    'profile.age': 1,
    profile: { email: 'e', age: 2, address: { city: 'Bonn', zip: '5' } },
    emails: [{ a: 1, b: 2 }],
  };

  it.each<[string[], DataRecord]>([
    [['profile', 'UID'], { UID: 'u1', profile: record.profile }],
    [['profile.email'], { profile: { email: 'e' } }],
    [['profile.age'], { 'profile.age': 1 }],
    [["'profile.age'", 'profile.address.city'], { 'profile.age': 1, profile: { address: { city: 'Bonn' } } }],
    [['profile.email', 'profile'], { profile: record.profile }],
    [['profile', 'profile.email'], { profile: record.profile }],
    [['emails.0.a'], { emails: [{ a: 1, b: 2 }] }],
    [['missing', 'profile.missing', 'UID.deeper'], {}],
  ])('%j', async (fields, kept) => {
    expect(await run(fields, record)).toEqual(kept);
  });

  it('keeps the order of the record and the key __proto__', async () => {
    const hostile = JSON.parse('{"b":1,"__proto__":{"x":1},"a":2}') as DataRecord;
    expect(JSON.stringify(await run(['a', '__proto__', 'b'], hostile))).toBe('{"b":1,"__proto__":{"x":1},"a":2}');
    expect(JSON.stringify(await run(['__proto__.x'], hostile))).toBe('{"__proto__":{"x":1}}');
  });
});
