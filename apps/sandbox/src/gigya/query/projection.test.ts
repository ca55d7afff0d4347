import { expect, it } from 'vitest';
import { parseQuery } from './parser.ts';
import { compileProjection } from './projection.ts';
import { accountSources } from './sources.ts';

const account = {
  UID: 'u',
  password: { hash: 'x' },
  profile: { firstName: 'Ann', lastName: 'B', phones: [{ type: 'home', number: '1' }, { number: '2' }, 'loose'] },
  data: { a: { b: 1, c: 2 }, list: [] },
};

function select(list: string): unknown {
  return compileProjection(parseQuery(`SELECT ${list} FROM accounts`, accountSources).select, new Set(['password']))(account);
}

it.each([
  ['*', { UID: account.UID, profile: account.profile, data: account.data }],
  ['profile', { profile: account.profile }],
  ['UID, profile.firstName', { UID: 'u', profile: { firstName: 'Ann' } }],
  ['profile.firstName as fn, profile.lastName', { profile: { fn: 'Ann', lastName: 'B' } }],
  ['profile.firstName as a, profile.firstName as b', { profile: { a: 'Ann', b: 'Ann' } }],
  ['UID as id', { id: 'u' }],
  ['profile.phones.number', { profile: { phones: [{ number: '1' }, { number: '2' }] } }],
  ['data, data.a.b', { data: account.data }],
  ['data.a.b, data.a.c', { data: { a: { b: 1, c: 2 } } }],
  ['data.missing, profile.none.deep', {}],
  ['data.list', { data: { list: [] } }],
  ['password, password.hash, UID', { UID: 'u' }],
])('SELECT %s', (list, expected) => expect(select(list)).toEqual(expected));
