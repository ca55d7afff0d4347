import { describe, expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { accountParams } from './record-params.ts';
import { isAggregate, parseSelectList } from './select-list.ts';
import { dropEmptyFields, nestDottedNames, nullFiller } from './shape-record.ts';

const changed = (shape: (record: DataRecord) => void, record: DataRecord) => {
  shape(record);
  return record;
};

describe('a select list', () => {
  test('is taken apart at its commas; an alias stays inside the object of its field', () => {
    expect(parseSelectList(' UID, profile.firstName as first,, count(*),sum(data.a) AS total ,UID AS _UID')).toEqual([
      { text: 'UID', source: 'UID', target: 'UID' },
      { text: 'profile.firstName as first', source: 'profile.firstName', target: 'profile.first' },
      { text: 'count(*)', source: 'count(*)', target: 'count(*)' },
      { text: 'sum(data.a) AS total', source: 'sum(data.a)', target: 'total' },
      { text: 'UID AS _UID', source: 'UID', target: '_UID' },
    ]);
  });

  test('knows aggregates', () => {
    expect(parseSelectList('count(*), UID').map(isAggregate)).toEqual([true, false]);
  });
});

describe('shaping a record', () => {
  test('a field that is missing becomes null where nothing stands in the way', () => {
    const fill = nullFiller('profile.address.city');
    expect(changed(fill, {})).toEqual({ profile: { address: { city: null } } });
    expect(changed(fill, { profile: null })).toEqual({ profile: { address: { city: null } } });
    expect(changed(fill, { profile: { address: { city: 'Bern' } } })).toEqual({ profile: { address: { city: 'Bern' } } });
    expect(changed(fill, { profile: { address: 'a text' } })).toEqual({ profile: { address: 'a text' } });
    expect(changed(fill, { profile: { address: [{ city: 'Bern' }] } })).toEqual({ profile: { address: [{ city: 'Bern' }] } });
  });

  test('empty fields go, at any depth; false and 0 are values', () => {
    const record = { a: null, b: '', c: [], d: {}, e: { f: null, g: { h: '' } }, no: false, zero: 0, list: [null] };
    expect(changed(dropEmptyFields, record)).toEqual({ no: false, zero: 0, list: [null] });
  });

  test('names with dots nest unless their place is taken', () => {
    expect(changed(nestDottedNames, { 'a.b': 1, a: { c: 2 }, 'x.y.z': 3, deep: { 'p.q': 4 } })).toEqual({
      a: { b: 1, c: 2 },
      x: { y: { z: 3 } },
      deep: { p: { q: 4 } },
    });
    expect(changed(nestDottedNames, { 'a.b': 1, a: 'taken', 'c.d': 2, c: { d: 'taken' }, '.e': 3 })).toEqual({
      'a.b': 1,
      a: 'taken',
      'c.d': 2,
      c: { d: 'taken' },
      '.e': 3,
    });
    const hostile = changed(nestDottedNames, { '__proto__.polluted': 1 });
    expect(Object.hasOwn(hostile, '__proto__')).toBe(true);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('the parameters of an account', () => {
  test('have the spelling of the platform, leave out what steps added, and do not change the record', () => {
    const record = { uid: 'u1', 'profile.email': 'a@b.c', Data: { x: 1 }, _response: {}, addLoginEmails: 'a@b.c' };
    const before = structuredClone(record);
    expect(accountParams(record)).toEqual({ UID: 'u1', profile: { email: 'a@b.c' }, data: { x: 1 }, addLoginEmails: 'a@b.c' });
    expect(record).toEqual(before);
  });

  test('never change who makes the call', () => {
    const record = {
      UID: 'u1',
      apiKey: 'x',
      userkey: 'x',
      Secret: 'x',
      oauth_token: 'x',
      sig: 'x',
      nonce: 'x',
      profile: { secret: 'kept' },
    };
    expect(accountParams(record)).toEqual({ UID: 'u1', profile: { secret: 'kept' } });
  });

  test('need a UID or a regToken', () => {
    expect(accountParams({ regToken: 't' })).toEqual({ regToken: 't' });
    expect(() => accountParams({ UID: '', regToken: null })).toThrow(/names no account/);
  });
});
