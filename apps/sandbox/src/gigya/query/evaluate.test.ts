import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { compileCondition } from './evaluate.ts';
import { parseQuery } from './parser.ts';
import { accountSources } from './sources.ts';

const account: JsonObject = {
  UID: 'u1',
  created: '2024-05-01T10:00:00.000Z',
  createdTimestamp: 1714557600000,
  isActive: true,
  loginIDs: { emails: ['Jane@example.com'] },
  profile: {
    email: 'Jane@example.com',
    firstName: 'Jane',
    lastName: 'van der Berg',
    age: 30,
    phones: [
      { type: 'home', number: '1' },
      { type: 'mobile', number: '2' },
    ],
  },
  data: { tags: ['new', 'very good'], note: 'Said "ring twice", then left', zip: '01234', gone: null, empty: '' },
};

function holds(condition: string): boolean {
  const { where } = parseQuery(`SELECT * FROM accounts WHERE ${condition}`, accountSources);
  if (!where) throw new Error('no condition');
  return compileCondition(where)(account);
}

describe('a condition holds', () => {
  it.each([
    'profile.firstName = "Jane"',
    'profile.firstName != "jane"',
    'profile.age > 29 AND profile.age >= 30 AND profile.age < 31 AND profile.age <= 30',
    'profile.age = "30"',
    'isActive = true',
    'isActive = "true"',
    'NOT profile.age = 31',
    'profile.age = 1 OR (profile.age = 30 AND UID = "u1")',
    'UID IN ("a", "u1")',
    'UID NOT IN ("a", "b")',
    'data.missing IS NULL',
    'data.gone IS NULL',
    'data.gone = null',
    'profile.firstName IS NOT NULL',
    'data.empty IS NOT NULL',
    'data.missing != "x"',
    'created > "2024-05-01" AND created < "2024-05-01T12:30:00+02:00"',
    'created = "2024-05-01T10:00:00Z"',
    'createdTimestamp > "1714557599999"',
    'profile.phones.type = "mobile"',
    'profile.phones.number IN ("2")',
  ])('%s', (condition) => expect(holds(condition)).toBe(true));
});

describe('a condition fails', () => {
  it.each([
    'profile.firstName = "jane"',
    'data.missing = "x"',
    'data.missing > 0',
    'data.missing < 0',
    'profile.firstName > 5',
    'data.zip = 1234',
    'NOT isActive = true',
    'profile.phones.type = "work"',
    'UID = null',
    'constructor IS NOT NULL',
    'profile.__proto__.toString IS NOT NULL',
  ])('%s', (condition) => expect(holds(condition)).toBe(false));
});

describe('CONTAINS', () => {
  it.each([
    ['a whole word of a text, whatever its case', 'data.note CONTAINS "RING"', true],
    ['words next to each other', 'data.note CONTAINS "ring twice"', true],
    ['part of a word', 'data.note CONTAINS "rin"', false],
    ['an element of an array', 'data.tags CONTAINS "very good"', true],
    ['part of an element', 'data.tags CONTAINS "good"', false],
    ['its negation', 'data.tags NOT CONTAINS "good"', true],
    ['a field inside an array', 'profile.phones.type CONTAINS "home"', true],
    ['a missing field', 'data.missing CONTAINS "x"', false],
    ['an encrypted field in full, whatever its case', 'profile.email CONTAINS "JANE@EXAMPLE.COM"', true],
    ['part of an encrypted field', 'profile.email CONTAINS "jane"', false],
    ['an encrypted list', 'loginIDs.emails CONTAINS "jane@example.com"', true],
  ])('%s', (_what, condition, expected) => expect(holds(condition)).toBe(expected));
});

describe('regex', () => {
  it.each([
    ["profile.lastName = regex('van.*')", true],
    ["profile.lastName = regex('van')", false],
    ["profile.lastName = regex('.*B[aeiou]rg')", true],
    ["data.zip = regex('[0-9]{5}')", true],
    ["data.zip = regex('\\d+')", true],
    ['data.note = regex(\'.*"ring twice".*\')', true],
    ["data.note = regex('Said \\\\\"ring.*')", true],
    ["profile.lastName != regex('van.*')", false],
    ["data.tags = regex('ne.')", true],
  ])('%s', (condition, expected) => expect(holds(condition)).toBe(expected));

  it('takes ^ and $ as ordinary signs and refuses what is no pattern', () => {
    expect(holds("profile.firstName = regex('^Jane$')")).toBe(false);
    expect(() => holds("profile.firstName = regex('Ja(ne')")).toThrow(expect.objectContaining({ errorCode: 400006 }) as ApiError);
  });
});

it.each(['profile.email > "a"', "profile.email = regex('.*')", 'loginIDs.username <= "z"'])(
  'an encrypted field refuses %s',
  (condition) => {
    expect(() => holds(condition)).toThrow(expect.objectContaining({ errorCode: 400006 }) as ApiError);
  },
);
