import {
  constantContactStandIn,
  demoConstantContact,
  type GigyaServer,
  type PlatformsServer,
  startGigya,
  startPlatforms,
} from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, FatalError, RetryableError } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runRealFlow } from '#testing/run-real-flow.ts';
import accountReader from '../read/gigya/account.ts';
import writer from './constantcontact.ts';
import accountWriter from './gigya/account.ts';

let server: PlatformsServer<'constant-contact'>;
beforeAll(async () => {
  server = await startPlatforms([constantContactStandIn({ callsPerSecond: 1000 })]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['constant-contact'].reset());

const { apiKey, accessToken, listId } = demoConstantContact;
const settings = (): DataRecord => ({
  apiKey,
  accessToken,
  listId,
  apiUrl: `${server.platforms['constant-contact'].url}/v3/`,
  callsPerSecond: 1000,
});
const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { params: { ...settings(), ...params }, records });
const person = (n: number, more: DataRecord = {}): DataRecord => ({
  'Custom Field 1': `u${n}`,
  Email: `person${n}@example.com`,
  first_name: `Zoë ${n}`,
  newsletterField: true,
  ...more,
});
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));
const requests = () => server.platforms['constant-contact'].requests;
const imports = () => requests().filter(({ path }) => path.includes('json_import'));
const state = () => server.platforms['constant-contact'].state();
const ask = async (query: string): Promise<DataRecord[]> => {
  const url = `${settings().apiUrl}contacts?include=custom_fields,list_memberships&${query}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
  return JSON.parse(await answer.text()).contacts;
};
const contact = async (email: string) => (await ask(`email=${encodeURIComponent(email)}`))[0];
const reasons = (errors: DataRecord[]) => errors.map(({ _errorDetails }) => String((_errorDetails as DataRecord).errorMessage));

describe('writing contacts of a list', () => {
  test('adds contacts with their custom fields, 1000 in an import, and passes the records on as they came', async () => {
    const run = await write(people(1200));
    expect(run.records).toEqual(people(1200));
    expect(imports().map(({ body }) => JSON.parse(body).import_data.length)).toEqual([1000, 200]);
    expect(state()).toMatchObject({ contacts: 1530, members: 1500 });
    expect(await contact('person7@example.com')).toMatchObject({
      first_name: 'Zoë 7',
      custom_fields: [{ value: 'u7' }],
      list_memberships: [listId],
    });
  });

  test('finds fields under any spelling; those that nobody has are told once and not sent', async () => {
    const run = await write([
      person(1, { 'LAST NAME': 'Doe', 'Zip/Postal Code': 12345, Birthday_Month: '5', favoritefruit: 'Fig', profile: {}, UID: 'x' }),
      person(2, { 'cf:Favorite_Fruit': 'Kiwi', UID: 'y' }),
    ]);
    expect(JSON.parse(imports()[0]?.body ?? '').import_data).toEqual([
      {
        email: 'person1@example.com',
        'cf:Custom_Field_1': 'u1',
        first_name: 'Zoë 1',
        last_name: 'Doe',
        zip: '12345',
        birthday_month: 5,
        'cf:Favorite_Fruit': 'Fig',
      },
      { email: 'person2@example.com', 'cf:Custom_Field_1': 'u2', first_name: 'Zoë 2', 'cf:Favorite_Fruit': 'Kiwi' },
    ]);
    expect(run.log.filter(({ level }) => level === 'info').map(({ message }) => /The field (\S+) is no field/.exec(message)?.[1])).toEqual([
      'profile',
      'UID',
    ]);
  });

  test('null and empty values change nothing', async () => {
    await write([person(1)]);
    await write([person(1, { first_name: null, 'Custom Field 1': '' })]);
    expect(await contact('person1@example.com')).toMatchObject({ first_name: 'Zoë 1', custom_fields: [{ value: 'u1' }] });
  });

  test('a false flag takes the contact off the list, and who is not in it is as wanted; without a flag nothing is sent', async () => {
    await write(people(3));
    const run = await write([
      person(0, { newsletterField: 'false' }),
      person(9, { newsletterField: 0 }),
      person(1, { newsletterField: null }),
    ]);
    expect(run.records).toHaveLength(3);
    expect(await contact('person0@example.com')).toMatchObject({ list_memberships: [], email_address: { permission_to_send: 'implicit' } });
    expect(await contact('person1@example.com')).toMatchObject({ list_memberships: [listId] });
    expect(await contact('person9@example.com')).toBeUndefined();
    await write([person(1, { newsletterField: null })], { withoutFlag: 'unsubscribe' });
    expect(await contact('person1@example.com')).toMatchObject({ list_memberships: [] });
  });

  test('contacts that an import only counts as left out are found, and go to the error path with the reason', async () => {
    const [left] = await ask('status=unsubscribed');
    const address = String((left?.email_address as DataRecord | undefined)?.address);
    const run = await write([...people(600), person(700, { Email: address }), person(701, { Email: 'no address' })]);
    expect(run.records).toHaveLength(600);
    expect(run.errors.map(({ Email }) => Email)).toEqual([address, 'no address']);
    expect(reasons(run.errors)).toEqual([
      'The contact has unsubscribed, so Constant Contact does not add it to the list (cannot_add_to_list).',
      'The import left the contact out. Constant Contact says: Some contacts have an invalid email address.',
    ]);
    expect(requests().length).toBeLessThan(12);
  });

  test('records that cannot be sent fail without a call', async () => {
    const run = await write([
      person(1, { Email: null }),
      person(2, { first_name: 'x'.repeat(51) }),
      person(3, { 'Custom Field 1': 'x'.repeat(256) }),
      person(4, { first_name: ['a'] }),
      person(5, { newsletterField: 'perhaps' }),
      person(6, { birthday_day: 'Monday' }),
    ]);
    expect(run.records).toEqual([]);
    expect(reasons(run.errors)).toEqual([
      expect.stringMatching(/no mail address/),
      expect.stringMatching(/first_name has 51 characters; Constant Contact holds 50/),
      expect.stringMatching(/Custom Field 1 has 256 characters/),
      expect.stringMatching(/first_name holds a list/),
      expect.stringMatching(/newsletterField holds neither/),
      expect.stringMatching(/birthday_day is no number/),
    ]);
    expect(imports()).toHaveLength(0);
  });

  test('one contact that makes the platform refuse the import is found in at most 2·log2(n)+1 imports', async () => {
    const run = await write(people(200).map((record, n) => (n === 77 ? { ...record, Email: `${'x'.repeat(50)}@example.com` } : record)));
    expect(run.records).toHaveLength(199);
    expect(reasons(run.errors)).toEqual([expect.stringMatching(/email: expected maxLength: 50, actual: 62/)]);
    expect(imports().length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(200)) + 1);
    expect(state()).toMatchObject({ members: 499 });
  });

  test('an import that fails is halved; one that is cancelled is for the runtime to repeat', async () => {
    const { faults } = server.platforms['constant-contact'];
    faults.set({
      path: '/activities/',
      method: 'GET',
      status: 200,
      body: '{"state":"failed","activity_errors":["Out of order."]}',
      times: 1,
    });
    expect((await write(people(2))).records).toHaveLength(2);
    expect(imports()).toHaveLength(3);
    faults.set({ path: '/activities/', method: 'GET', status: 200, body: '{"state":"cancelled"}', times: 1 });
    await expect(write(people(2))).rejects.toBeInstanceOf(RetryableError);
  });

  test('records of one address are sent one after the other, the last one wins', async () => {
    await write([person(1), person(1, { Email: 'PERSON1@example.com', newsletterField: false })]);
    expect(await contact('person1@example.com')).toMatchObject({ list_memberships: [] });
    await write([person(1, { first_name: 'first' }), person(1, { first_name: 'last' })]);
    expect(await contact('person1@example.com')).toMatchObject({ first_name: 'last', list_memberships: [listId] });
  });

  test('hostile values arrive as they are', async () => {
    const hostile = ['</script>', '"};', '\u0000', '../..', '${now}', '=1+1', '👩‍👩‍👧'];
    const withProto = (record: DataRecord): DataRecord =>
      JSON.parse(JSON.stringify(record).replace('{', '{"__proto__":{"first_name":"x"},'));
    const run = await write(hostile.map((value, n) => withProto(person(n, { 'Custom Field 1': value }))));
    expect(run.records).toHaveLength(hostile.length);
    expect(await contact('person1@example.com')).toMatchObject({ first_name: 'Zoë 1', custom_fields: [{ value: '"};' }] });
  });

  test('a call that was cut is for the runtime to repeat, and repeating leaves the same contacts', async () => {
    const records = [...people(3), person(9, { newsletterField: false })];
    for (const cut of ['before', 'after'] as const) {
      server.platforms['constant-contact'].faults.set({ path: 'json_import', cut, times: 1 });
      await expect(write(records)).rejects.toBeInstanceOf(RetryableError);
      expect((await write(records)).records).toHaveLength(4);
    }
    expect(state()).toMatchObject({ contacts: 333, members: 303 });
  });

  test('throttling and server errors are for the runtime to repeat, after Retry-After', async () => {
    const { faults } = server.platforms['constant-contact'];
    faults.set({ path: 'json_import', status: 429, retryAfter: 7, times: 1 });
    await expect(write(people(1))).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: 7000 });
    faults.set({ path: 'json_import', status: 500, times: 1 });
    await expect(write(people(1))).rejects.toBeInstanceOf(RetryableError);
  });

  test.each([
    ['a wrong token', { accessToken: 'wrong' }, /Unauthorized/],
    ['an unknown list', { listId: '00000000-0000-4000-8000-000000000000' }, /list_id was not found/],
  ])('%s fails the job', async (_, params, text) => {
    const thrown = await write(people(3), params).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(text);
  });

  test('no records make no call, and nothing stays open', async () => {
    expect((await write([])).records).toEqual([]);
    expect(requests()).toHaveLength(0);
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: people(5), signal }));
  });

  test('sends requests of the reviewed shapes', async () => {
    await write([person(1)]);
    await write([person(2, { 'FIRST NAME': 'Zoë' }), person(3, { Email: 'none' }), person(1, { newsletterField: false })]);
    const hide = (text: string) =>
      text.replace(/updated_after=[^&]*/, 'updated_after=…').replace(/activities\/[0-9a-f-]{36}/, 'activities/…');
    await expect(requestShapes(requests(), hide)).toMatchFileSnapshot('./__requests__/constantcontact.json');
  });
});

describe('the real dataflow Constant Contact outbound', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 60 });
  });
  afterAll(() => gigya.stop());

  test('runs as it is stored, but for key, token and list', async () => {
    const accounts = (await runComponent(accountReader, { params: { select: 'UID, profile.email' }, site: gigya.site })).records;
    const flags = accounts.slice(0, 40).map(({ UID }, n) => ({ UID, data: { subscribe: n % 4 !== 0 } }) as DataRecord);
    await runComponent(accountWriter, { records: flags, site: gigya.site });
    server.platforms['constant-contact'].faults.set({ path: 'json_import', status: 503, times: 1 });
    const { snapshot } = await runRealFlow('dataflow-tool--constantContact--outbound.json', {
      params: { constantcontact: settings() },
      site: gigya.site,
    });
    expect(snapshot).toMatchObject({ status: 'succeeded' });
    const step = snapshot.steps.find(({ type }) => type === 'datasource.write.constantcontact');
    expect(step).toMatchObject({ input: 60, balanced: true });
    const mailOf = ({ profile }: DataRecord) => (profile as DataRecord).email ?? undefined;
    const joined = accounts.slice(0, 40).filter((account, n) => n % 4 !== 0 && mailOf(account) !== undefined);
    expect(state()).toMatchObject({ members: 300 + joined.length });
    expect(await contact(String(mailOf(joined[0] ?? {})))).toMatchObject({ custom_fields: [{ value: joined[0]?.UID }] });
  });
});
