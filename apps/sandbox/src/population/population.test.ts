import { describe, expect, it } from 'vitest';
import { isObject, type Json } from '../json.ts';
import { listOf, loginIdsOf } from './account.ts';
import { recentShare } from './person.ts';
import { generatePopulation } from './population.ts';

const epoch = Date.parse('2026-06-01T00:00:00Z');
const population = generatePopulation({ size: 3000, seed: 7, epoch });
const accounts = Array.from({ length: population.size }, (_, index) => population.accountAt(index));

describe('a population', () => {
  it('is the same for the same seed and another for another', () => {
    const again = generatePopulation({ size: 10, seed: 7, epoch });
    expect(again.accountAt(5)).toEqual(accounts[5]);
    expect(generatePopulation({ size: 10, seed: 8, epoch }).accountAt(5)).not.toEqual(accounts[5]);
  });

  it('gives every account its own UID and login ids, and finds it by each', () => {
    expect(new Set(accounts.map(({ UID }) => UID)).size).toBe(accounts.length);
    const logins = accounts.flatMap(loginIdsOf);
    expect(new Set(logins).size).toBe(logins.length);
    for (const [index, account] of accounts.entries()) {
      expect(population.indexOf(account.UID)).toBe(index);
      for (const login of loginIdsOf(account)) expect(population.indexOfLogin(login)).toBe(index);
      expect(loginIdsOf(account).length).toBeGreaterThan(0);
    }
  });

  it('knows no UID of another seed, beyond its size or of another form', () => {
    const other = generatePopulation({ size: 3001, seed: 7, epoch });
    expect(population.indexOf(other.uidOf(3000))).toBeUndefined();
    expect(population.indexOf(generatePopulation({ size: 10, seed: 8, epoch }).uidOf(1))).toBeUndefined();
    expect(population.indexOf('not-a-uid')).toBeUndefined();
  });

  it('makes single fields that are the same as in the whole account', () => {
    expect(population.fieldsAt(11, new Set(['profile', 'lastUpdatedTimestamp']))).toEqual({
      profile: accounts[11]?.profile,
      lastUpdatedTimestamp: accounts[11]?.lastUpdatedTimestamp,
    });
  });

  it('spreads over years, with the stated share updated in the last day', () => {
    const day = 86_400_000;
    const recent = accounts.filter(({ lastUpdatedTimestamp }) => Number(lastUpdatedTimestamp) > epoch - day);
    expect(recent.length / accounts.length).toBeGreaterThan(recentShare * 0.7);
    expect(recent.length / accounts.length).toBeLessThan(recentShare * 1.3);
    expect(new Set(accounts.map(({ created }) => String(created).slice(0, 4))).size).toBeGreaterThanOrEqual(8);
    for (const { createdTimestamp, lastUpdatedTimestamp, lastUpdated } of accounts) {
      expect(Number(createdTimestamp)).toBeLessThanOrEqual(Number(lastUpdatedTimestamp));
      expect(Number(lastUpdatedTimestamp)).toBeLessThanOrEqual(epoch);
      expect(Date.parse(String(lastUpdated))).toBe(lastUpdatedTimestamp);
    }
  });

  it('holds what files have trouble with: unicode, separators, quotes, line ends, missing fields, nothing', () => {
    const texts = accounts.flatMap((account) => textsIn(account));
    for (const pattern of [/[^\u0020-\u00ff]/, /,/, /;/, /"/, /\n/, /\r\n/, /\t/, /\\/, /^ .* $/, /🎉/])
      expect(texts.some((text) => pattern.test(text))).toBe(true);
    const profiles = accounts.map(({ profile }) => (isObject(profile) ? profile : {}));
    for (const field of ['email', 'firstName', 'birthYear', 'phones', 'gender']) {
      const missing = profiles.filter((profile) => profile[field] === undefined).length;
      expect(missing).toBeGreaterThan(0);
      expect(missing).toBeLessThan(profiles.length);
    }
    expect(accounts.some(({ data }) => isObject(data) && data.closedReason === null)).toBe(true);
  });

  it('uses addresses of example domains only', () => {
    const addresses = accounts.flatMap(({ profile, loginIDs, emails }) =>
      textsIn([profile ?? null, loginIDs ?? null, emails ?? null]).filter((text) => text.includes('@')),
    );
    expect(addresses.length).toBeGreaterThan(5000);
    for (const address of addresses) expect(address).toMatch(/^[a-z.]+\.[0-9a-z]+@example\.(com|org|net)$/);
  });
});

function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : listOf(undefined).map(String);
}
