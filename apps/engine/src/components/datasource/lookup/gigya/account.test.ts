import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, FatalError, type Json } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import reader from '../../read/gigya/account.ts';
import importer from '../../write/gigya/importaccount.ts';
import lookup from './account.ts';

let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 300 });
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const byEmail = [{ sourceField: 'email', gigyaField: 'profile.email' }];
const look = (params: DataRecord, records: DataRecord[]) => runComponent(lookup, { site: server.site, params, records });
const detailsOf = ({ _errorDetails }: DataRecord) => _errorDetails as DataRecord;

/** Accounts as they are imported; each gets a mail address of its own. */
async function imported(...accounts: DataRecord[]): Promise<void> {
  const run = await runComponent(importer, { site: server.site, params: { importPolicy: 'upsert' }, records: accounts });
  expect(run.errors).toEqual([]);
}

describe('looking accounts up', () => {
  let people: { UID: string; email: string; lastName: string }[];
  beforeAll(async () => {
    const select = 'UID, profile.email, profile.lastName';
    const where = 'profile.email IS NOT NULL AND profile.lastName IS NOT NULL';
    const { records } = await runComponent(reader, { site: server.site, params: { select, where } });
    people = records.map(({ UID, profile }) => {
      const { email, lastName } = profile as { email: string; lastName: string };
      return { UID: String(UID), email, lastName };
    });
  });

  test('adds the fields of the account that fits, in one search for many records, and leaves the others as they came', async () => {
    const before = server.calls['accounts.search'] ?? 0;
    const records = [...people.slice(0, 150).map(({ email }, n) => ({ email, n })), { email: 'nobody@example.com', n: -1 }];
    const run = await leakCheck(() => look({ select: 'UID', lookupFields: byEmail }, records));
    expect(run.records).toEqual([
      ...people.slice(0, 150).map(({ email, UID }, n) => ({ email, n, UID })),
      { email: 'nobody@example.com', n: -1 },
    ]);
    expect((server.calls['accounts.search'] ?? 0) - before).toBe(1);
  });

  test('in any letter case, unless case matters; in UIDs it always does', async () => {
    const [{ UID, email } = { UID: '', email: '' }] = people;
    const shouting = [{ email: email.toUpperCase() }];
    expect((await look({ select: 'UID', lookupFields: byEmail }, shouting)).records).toMatchObject([{ UID }]);
    const strict = { select: 'UID', lookupFields: byEmail, isCaseSensitive: true, mismatchBehavior: 'error' };
    expect((await look(strict, shouting)).errors).toHaveLength(1);
    expect((await look(strict, [{ email }])).records).toMatchObject([{ UID }]);
    const byUid = { select: 'UID AS found', lookupFields: [{ sourceField: 'id', gigyaField: 'UID' }] };
    expect((await look(byUid, [{ id: UID.toUpperCase() }, { id: UID }])).records).toEqual([
      { id: UID.toUpperCase() },
      { id: UID, found: UID },
    ]);
  });

  test('by any of several pairs, or by all of them', async () => {
    const [one, two] = people as [(typeof people)[0], (typeof people)[0]];
    const lookupFields = [...byEmail, { sourceField: 'name.last', gigyaField: 'profile.lastName' }];
    const record = { email: one.email, name: { last: two.lastName === one.lastName ? 'Nobody' : two.lastName } };
    const any = await look({ select: 'UID', lookupFields, separateMultiMatches: true }, [record]);
    expect(any.records.map(({ UID }) => UID)).toContain(one.UID);
    const all = { select: 'UID', lookupFields, lookupFieldsOperator: 'AND', mismatchBehavior: 'error' };
    expect((await look(all, [record])).errors).toHaveLength(1);
    expect((await look(all, [{ email: one.email, name: { last: one.lastName.toLowerCase() } }])).records).toMatchObject([{ UID: one.UID }]);
  });

  test('a record that lacks one of the fields matches nobody when all must be equal', async () => {
    const lookupFields = [...byEmail, { sourceField: 'last', gigyaField: 'profile.lastName' }];
    const all = { select: 'UID', lookupFields, lookupFieldsOperator: 'AND', mismatchBehavior: 'error' };
    const incomplete: DataRecord[] = [{ email: people[0]?.email ?? '' }, { email: people[0]?.email ?? '', last: '  ' }, { last: null }];
    expect((await look(all, incomplete)).errors).toHaveLength(3);
  });

  test('a mismatch goes to the error path with 404000 and its own fields, goes on, or ends', async () => {
    const record = { email: 'nobody@example.com', keep: { me: 1 } };
    const run = await look({ select: 'UID', lookupFields: byEmail, mismatchBehavior: 'error' }, [record]);
    expect(run.errors).toEqual([{ ...record, _errorDetails: { errorCode: 404000, errorMessage: expect.stringContaining('email') } }]);
    expect((await look({ select: 'UID', lookupFields: byEmail, mismatchBehavior: 'process' }, [record])).records).toEqual([record]);
    const skipped = await look({ select: 'UID', lookupFields: byEmail, mismatchBehavior: 'skip' }, [record]);
    expect([skipped.records, skipped.errors]).toEqual([[], []]);
  });

  test('a match may be an error, or end the record, as for importing only who is new', async () => {
    const records = [{ email: people[0]?.email ?? '' }];
    const run = await look({ select: 'UID', lookupFields: byEmail, matchBehavior: 'error' }, records);
    expect([run.records, run.errors.map(detailsOf)]).toMatchObject([[], [{ errorCode: 400003 }]]);
    expect(await look({ select: 'UID', lookupFields: byEmail, matchBehavior: 'skip' }, records)).toMatchObject({ records: [], errors: [] });
  });

  test('searches of several pages find as much', async () => {
    const lookupFields = [{ sourceField: 'active', gigyaField: 'isRegistered' }];
    const run = await look({ select: 'UID', lookupFields, separateMultiMatches: true }, [{ active: true }]);
    expect(new Set(run.records.map(({ UID }) => UID)).size).toBe(300);
  });

  test('whole accounts, subscriptions and aliases', async () => {
    const [{ UID, email } = { UID: '', email: '' }] = people;
    const whole = await look({ select: '*', lookupFields: byEmail }, [{ email }]);
    expect(whole.records[0]).toMatchObject({ UID, profile: { email }, loginIDs: {} });
    const some = await look({ select: 'profile.lastName AS name, subscriptions, data.missing', lookupFields: byEmail }, [{ email }]);
    expect(some.records).toEqual([
      { email, profile: { name: people[0]?.lastName }, subscriptions: expect.any(Object), data: { missing: null } },
    ]);
  });

  test('lite accounts by mail address', async () => {
    const params = {
      select: 'UID, token, hasFullAccount',
      from: 'emailAccounts',
      lookupFields: [{ sourceField: 'email', gigyaField: 'email' }],
    };
    const run = await look(params, [{ email: people[0]?.email ?? '' }]);
    expect(run.records).toMatchObject([{ token: expect.any(String), hasFullAccount: true }]);
  });
});

describe('several accounts that fit', () => {
  beforeAll(() =>
    imported(
      { UID: 'twin-a', profile: { email: 'a@twins.example', nickname: 'Twin' } },
      { UID: 'twin-b', profile: { email: 'b@twins.example', nickname: 'Twin' } },
    ),
  );
  const params = { select: 'UID', lookupFields: [{ sourceField: 'nick', gigyaField: 'profile.nickname' }] };

  test('are an error, the first one, or one record each', async () => {
    const records = [{ nick: 'Twin' }];
    const strict = await look({ ...params, multiMatchBehavior: 'error' }, records);
    expect([strict.records, strict.errors.map(detailsOf)]).toMatchObject([
      [],
      [{ errorCode: 400007, errorMessage: expect.stringContaining('2 accounts') }],
    ]);
    expect((await look(params, records)).records).toHaveLength(1);
    const each = await look({ ...params, separateMultiMatches: true }, records);
    expect(each.records.map(({ UID }) => UID).sort()).toEqual(['twin-a', 'twin-b']);
    expect(await look({ ...params, multiMatchBehavior: 'skip' }, records)).toMatchObject({ records: [], errors: [] });
  });

  test('are told apart from those that only hold the word', async () => {
    await imported({ UID: 'not-a-twin', profile: { email: 'c@twins.example', nickname: 'Twin Peaks' } });
    const each = await look({ ...params, separateMultiMatches: true }, [{ nick: 'tWIN' }]);
    expect(each.records.map(({ UID }) => UID).sort()).toEqual(['twin-a', 'twin-b']);
  });
});

describe('what was found', () => {
  const account = { UID: 'merged', profile: { email: 'm@example.com', firstName: 'Found', city: 'Bern' }, data: { tags: ['x'] } };
  beforeAll(() => imported(account));
  const params = { select: 'UID, profile, data', lookupFields: byEmail };
  const record = { email: 'm@example.com', profile: { firstName: 'Own', age: 7, zip: null }, data: { tags: ['own', 'list'] } };

  test('is merged field by field; lists are replaced', async () => {
    const [merged] = (await look(params, [record])).records;
    expect(merged).toMatchObject({
      UID: 'merged',
      profile: { firstName: 'Found', age: 7, city: 'Bern', zip: null },
      data: { tags: ['x'] },
    });
  });

  test('gives way to the record’s own values with take_source', async () => {
    const [merged] = (await look({ ...params, handleFieldConflicts: 'take_source' }, [record])).records;
    expect(merged).toMatchObject({ UID: 'merged', profile: { firstName: 'Own', age: 7, city: 'Bern' }, data: { tags: ['own', 'list'] } });
  });

  test('never replaces a value by a null', async () => {
    const [merged] = (
      await look({ select: 'profile.nickname, profile.age', lookupFields: byEmail }, [{ ...record, profile: { nickname: 'Mine' } }])
    ).records;
    expect(merged).toMatchObject({ profile: { nickname: 'Mine', age: null } });
  });

  test('takes the place of names with dots', async () => {
    const flat = { email: 'm@example.com', 'profile.firstName': 'Own', 'profile.age': 7 };
    expect((await look({ select: 'profile', lookupFields: byEmail }, [flat])).records).toEqual([
      { email: 'm@example.com', 'profile.firstName': 'Found', 'profile.age': 7, profile: { email: 'm@example.com', city: 'Bern' } },
    ]);
  });

  test('is not shared between records', async () => {
    const [one, two] = (await look(params, [{ email: 'm@example.com' }, { email: 'm@example.com' }])).records as [DataRecord, DataRecord];
    (one.data as DataRecord).tags = 'changed';
    expect(two.data).toEqual({ tags: ['x'] });
  });

  test('shows the fields that were looked up by only when they were selected', async () => {
    expect((await look({ select: 'UID', lookupFields: byEmail }, [{ email: 'm@example.com' }])).records).toEqual([
      { email: 'm@example.com', UID: 'merged' },
    ]);
  });
});

describe('values of records', () => {
  test.each([
    '" OR UID IS NOT NULL OR UID = "',
    "' OR 1 = 1 --",
    '\\" OR isRegistered = true OR UID = \\"',
    'a@b.example" LIMIT 10000',
    'back\\',
    'line\nend',
    '\ud800 half',
    '\u0000',
    '*',
  ])('cannot change the search: %j', async (email) => {
    for (const gigyaField of ['profile.email', 'profile.lastName', 'UID', 'data.remark']) {
      const params = { select: 'UID', lookupFields: [{ sourceField: 'email', gigyaField }], mismatchBehavior: 'error' };
      const run = await look(params, [{ email }]);
      expect([run.records, run.errors.map((record) => detailsOf(record).errorCode)]).toEqual([[], [404000]]);
    }
  });

  test('made of the signs of the search language by chance change nothing either', async () => {
    const signs = [
      '"',
      '\\',
      "'",
      '(',
      ')',
      ' OR ',
      ' AND ',
      'UID',
      ' = ',
      ' IN ',
      'true',
      '\n',
      '\u0000',
      '\ud800',
      '*',
      ';',
      '--',
      '%',
      'x',
    ];
    let seed = 7;
    const next = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed % limit;
    };
    const records = Array.from({ length: 400 }, () => ({
      v: Array.from({ length: 1 + next(12) }, () => signs[next(signs.length)]).join(''),
    }));
    for (const gigyaField of ['profile.email', 'profile.lastName', 'UID']) {
      const params = { select: 'UID', lookupFields: [{ sourceField: 'v', gigyaField }], mismatchBehavior: 'error' };
      const run = await look(params, records);
      expect([run.records, new Set(run.errors.map((record) => detailsOf(record).errorCode))]).toEqual([[], new Set([404000])]);
      expect(run.errors).toHaveLength(records.length);
    }
  });

  test('that hold such signs are found when an account has them', async () => {
    const lastName = `O'Neil "the \\ one"\nof many`;
    await imported({ UID: 'signs', profile: { email: 's@example.com', lastName } });
    for (const isCaseSensitive of [true, false]) {
      const params = { select: 'UID', lookupFields: [{ sourceField: 'name', gigyaField: 'profile.lastName' }], isCaseSensitive };
      expect((await look(params, [{ name: lastName }])).records).toMatchObject([{ UID: 'signs' }]);
    }
  });

  test('may be numbers, booleans and lists of them; nothing else is looked for', async () => {
    await imported({ UID: 'typed', profile: { email: 't@example.com', zip: '9999x', age: 99 } });
    const lookupFields = [{ sourceField: 'v', gigyaField: 'profile.age' }];
    const values: Json[] = [99, '99', [1, 99], { x: 99 }, null, Number.MAX_VALUE];
    const run = await look(
      { select: 'UID', lookupFields, mismatchBehavior: 'error' },
      values.map((v) => ({ v })),
    );
    expect([run.records.length, run.errors.length]).toEqual([3, 3]);
  });

  test('that the platform refuses are found by halving; the others go on', async () => {
    server.faults.set(
      { method: 'accounts.search', errorCode: 400006, next: 1 },
      { method: 'accounts.search', errorCode: 400006, skip: 3, next: 1 },
    );
    const records = [1, 2].map((n) => ({ email: `n${n}@example.com` }));
    const run = await look({ select: 'UID', lookupFields: byEmail, mismatchBehavior: 'process' }, records);
    expect(run.records).toEqual([records[0]]);
    expect(run.errors.map(detailsOf)).toMatchObject([{ errorCode: 400006 }]);
  });
});

describe('a lookup that cannot work', () => {
  test('ends the job: a field list the platform refuses, a refused key, fields that tell nobody apart', async () => {
    const records = [{ email: 'a@example.com' }];
    const bad = await look({ select: 'UID AS', lookupFields: byEmail }, records).catch((thrown) => thrown);
    expect(bad).toBeInstanceOf(FatalError);
    expect(bad).toMatchObject({ code: 400006, message: expect.stringContaining('SELECT UID AS') });
    const site = { ...server.site, secret: Buffer.from('wrong').toString('base64') };
    const refused = runComponent(lookup, { site, params: { select: 'UID', lookupFields: byEmail }, records });
    await expect(refused).rejects.toMatchObject({ code: errorCodes.authenticationFailed });
  });

  test('names the parameter that is wrong', async () => {
    await expect(look({ select: 'UID', lookupFields: [] }, [])).rejects.toThrow(/lookupFields/);
    await expect(look({ select: 'UID', lookupFields: [{ sourceField: 'a', gigyaField: 'x" OR' }] }, [])).rejects.toThrow(/gigyaField/);
    await expect(look({ select: 'UID', lookupFields: byEmail, mismatchBehavior: 'ignore' }, [])).rejects.toThrow(/mismatchBehavior/);
    await expect(look({ lookupFields: byEmail }, [])).rejects.toThrow(/select/);
  });

  test('is repeated when the platform throttles', async () => {
    server.faults.set({ method: 'accounts.search', errorCode: 403048, next: 1 });
    expect((await look({ select: 'UID', lookupFields: byEmail }, [{ email: 'x@example.com' }])).records).toHaveLength(1);
  });
});
