import {
  campaignMonitor,
  campaignMonitorStandIn,
  demoCampaignMonitor,
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
import writer from './campaignmonitor.ts';
import accountWriter from './gigya/account.ts';

let server: PlatformsServer<'campaign-monitor'>;
beforeAll(async () => {
  server = await startPlatforms([campaignMonitor]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['campaign-monitor'].reset());

const settings = (): DataRecord => ({
  ...demoCampaignMonitor,
  apiUrl: `${server.platforms['campaign-monitor'].url}/api/v3.3/`,
  newsletterField: 'newsletterField',
});
const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { params: { ...settings(), ...params }, records });
const person = (n: number, more: DataRecord = {}): DataRecord => ({
  GigyaUID: `u${n}`,
  Name: `Zoë ${n}`,
  EmailAddress: `person${n}@example.com`,
  newsletterField: true,
  ...more,
});
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));
const requests = () => server.platforms['campaign-monitor'].requests;
const imports = () => requests().filter(({ path }) => path.includes('import.json'));
const state = () => server.platforms['campaign-monitor'].state();
const authorization = `Basic ${Buffer.from(`${demoCampaignMonitor.apiKey}:x`).toString('base64')}`;
const get = async (path: string): Promise<DataRecord> =>
  JSON.parse(await (await fetch(`${settings().apiUrl}${path}`, { headers: { authorization } })).text());
const subscriber = (email: string) => get(`subscribers/${demoCampaignMonitor.listId}.json?email=${encodeURIComponent(email)}`);
const reasons = (errors: DataRecord[]) => errors.map(({ _errorDetails }) => _errorDetails as { errorCode: number; errorMessage: string });

describe('writing subscribers of a list', () => {
  test('adds subscribers with their custom fields, 1000 in a call, and passes the records on as they came', async () => {
    const run = await write(people(2400));
    expect(run.records).toEqual(people(2400));
    expect(imports().map(({ body }) => JSON.parse(body).Subscribers.length)).toEqual([1000, 1000, 400]);
    expect(state()).toMatchObject({ subscribers: 2640 });
    expect(await subscriber('person7@example.com')).toMatchObject({
      Name: 'Zoë 7',
      State: 'Active',
      CustomFields: [{ Key: 'GigyaUID', Value: 'u7' }],
    });
  });

  test('finds custom fields by name or key in any case; others are told once and not sent', async () => {
    const run = await write([
      person(1, { 'favourite topics': ['Sport', 'Music'], profile: {}, data: { a: 1 } }),
      person(2, { age: 40, profile: {} }),
    ]);
    expect((await subscriber('person1@example.com')).CustomFields).toEqual([
      { Key: 'GigyaUID', Value: 'u1' },
      { Key: 'FavouriteTopics', Value: 'Sport' },
      { Key: 'FavouriteTopics', Value: 'Music' },
    ]);
    expect((await subscriber('person2@example.com')).CustomFields).toContainEqual({ Key: 'Age', Value: '40' });
    expect(run.log.map(({ message }) => /The field (\S+) is no field of the list/.exec(message)?.[1])).toEqual(['profile', 'data']);
  });

  test('null changes nothing, empty text and empty list clear a custom field', async () => {
    await write([person(1, { FavouriteTopics: ['Sport'], Age: 41 })]);
    await write([person(1, { Name: null, GigyaUID: null, FavouriteTopics: [], Age: '' })]);
    expect(await subscriber('person1@example.com')).toMatchObject({ Name: 'Zoë 1', CustomFields: [{ Key: 'GigyaUID', Value: 'u1' }] });
  });

  test('a false flag unsubscribes, and who is not in the list is as wanted; without a flag nothing is sent', async () => {
    await write(people(2));
    const run = await write([
      person(0, { newsletterField: 'false' }),
      person(9, { newsletterField: 0 }),
      person(1, { newsletterField: null }),
    ]);
    expect(run.records).toHaveLength(3);
    expect([(await subscriber('person0@example.com')).State, (await subscriber('person1@example.com')).State]).toEqual([
      'Unsubscribed',
      'Active',
    ]);
    expect((await subscriber('person9@example.com')).Code).toBe(203);
    expect((await write([person(1, { newsletterField: null })], { withoutFlag: 'unsubscribe' })).records).toHaveLength(1);
    expect((await subscriber('person1@example.com')).State).toBe('Unsubscribed');
  });

  test('who left is not brought back, unless the step says so', async () => {
    await write([person(1)]);
    await write([person(1, { newsletterField: false })]);
    const run = await write([person(1), person(2)]);
    expect(run.records.map(({ GigyaUID }) => GigyaUID)).toEqual(['u2']);
    expect(reasons(run.errors)).toEqual([{ errorCode: 206, errorMessage: 'Is Unsubscribed (code 206).' }]);
    await write([person(1)], { resubscribe: true });
    expect((await subscriber('person1@example.com')).State).toBe('Active');
  });

  test('subscribers that are refused go to the error path with code and text of the platform', async () => {
    const run = await write([
      person(1),
      person(2, { EmailAddress: 'none' }),
      person(3, { EmailAddress: 'none', newsletterField: false }),
      person(4, { EmailAddress: null }),
      person(5, { GigyaUID: 'x'.repeat(251) }),
      person(6, { Name: { first: 'A' } }),
      person(7, { newsletterField: 'perhaps' }),
    ]);
    expect(run.records.map(({ GigyaUID }) => GigyaUID)).toEqual(['u1']);
    expect(
      reasons(run.errors)
        .map(({ errorMessage }) => errorMessage)
        .toSorted(),
    ).toEqual([
      'Invalid Email Address (code 1).',
      expect.stringMatching(/^The field GigyaUID has 251 characters/),
      expect.stringMatching(/^The field Name holds an object/),
      expect.stringMatching(/^The field newsletterField holds neither/),
      expect.stringMatching(/^The record has no mail address/),
      expect.stringMatching(/Invalid Email Address \(code 1\)\.$/),
    ]);
    expect(reasons(run.errors).filter(({ errorCode }) => errorCode === 1)).toHaveLength(2);
  });

  test('one subscriber that makes the platform refuse the import is found in at most 2·log2(n)+1 calls', async () => {
    const run = await write(people(1000).map((record, n) => (n === 777 ? { ...record, Name: 'a\u0000b' } : record)));
    expect(run.records).toHaveLength(999);
    expect(reasons(run.errors)).toEqual([{ errorCode: 400, errorMessage: expect.stringMatching(/Failed to deserialize your request/) }]);
    expect(imports().length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1000)) + 1);
    expect(state()).toMatchObject({ subscribers: 1239 });
  });

  test('records of one address are sent one after the other, the last one wins', async () => {
    await write([person(1), person(1, { EmailAddress: 'PERSON1@example.com', newsletterField: false })]);
    expect((await subscriber('person1@example.com')).State).toBe('Unsubscribed');
    await write([person(2, { newsletterField: false }), person(2, { Name: 'Last' })]);
    expect(await subscriber('person2@example.com')).toMatchObject({ State: 'Active', Name: 'Last' });
  });

  test('hostile values arrive as they are', async () => {
    const hostile = ['</script>', '"};', '../..', '${now}', '=1+1', '👩‍👩‍👧', ' '];
    const run = await write(
      hostile.map((GigyaUID, n) => JSON.parse(JSON.stringify(person(n, { GigyaUID })).replace('{', '{"__proto__":{"Name":"x"},'))),
    );
    expect(run.records).toHaveLength(hostile.length);
    expect(await subscriber('person1@example.com')).toMatchObject({ Name: 'Zoë 1', CustomFields: [{ Key: 'GigyaUID', Value: '"};' }] });
  });

  test('a call that was cut is for the runtime to repeat, and repeating leaves the same subscribers', async () => {
    const records = [...people(3), person(9, { newsletterField: false })];
    for (const path of ['import.json', 'unsubscribe.json'])
      for (const cut of ['before', 'after'] as const) {
        server.platforms['campaign-monitor'].faults.set({ path, cut, times: 1 });
        await expect(write(records)).rejects.toBeInstanceOf(RetryableError);
        expect((await write(records)).records).toHaveLength(4);
      }
    expect(state()).toMatchObject({ subscribers: 243 });
  });

  test('throttling waits for the end of the period, or as Retry-After says; server errors are repeated', async () => {
    const { faults } = server.platforms['campaign-monitor'];
    faults.set({ path: 'import', status: 429, retryAfter: 7, times: 1 });
    await expect(write(people(1))).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: 7000 });
    faults.set({ path: 'import', status: 502, body: '<html>Bad gateway</html>', times: 1 });
    await expect(write(people(1))).rejects.toBeInstanceOf(RetryableError);
  });

  test('a rate that is used up waits until its period ends', async () => {
    const slow = await startPlatforms([campaignMonitorStandIn({ callsPerMinute: 1 })]);
    const thrown = await write(people(1), { apiUrl: `${slow.platforms['campaign-monitor'].url}/api/v3.3/` }).catch(
      (error: unknown) => error,
    );
    await slow.stop();
    expect(thrown).toBeInstanceOf(RetryableError);
    expect((thrown as RetryableError).retryAfterMs).toBeGreaterThan(50_000);
    expect((thrown as RetryableError).retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test.each([
    ['a wrong key', { apiKey: 'wrong' }, /Invalid API Key/],
    ['an unknown list', { listId: 'none' }, /Invalid ListID/],
  ])('%s fails the job', async (_, params, text) => {
    const thrown = await write(people(3), params).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(text);
  });

  test('no records make no import, and nothing stays open', async () => {
    expect((await write([])).records).toEqual([]);
    expect(requests()).toHaveLength(0);
    await leakCheck((signal) =>
      runComponent(writer, { params: settings(), records: [...people(5), person(7, { newsletterField: false })], signal }),
    );
  });

  test('sends requests of the reviewed shapes', async () => {
    await write([person(1, { FavouriteTopics: ['Sport', 'Music'], Age: '' }), person(2, { newsletterField: false })], {
      consentToTrack: 'Yes',
    });
    await expect(requestShapes(requests())).toMatchFileSnapshot('./__requests__/campaignmonitor.json');
  });
});

const mailOf = ({ profile }: DataRecord) => (profile as DataRecord).email ?? undefined;

describe('the real dataflow Campaign Monitor outbound', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 120 });
  });
  afterAll(() => gigya.stop());

  test('runs as it is stored, but for key and list', async () => {
    const accounts = (await runComponent(accountReader, { params: { select: 'UID, profile.email' }, site: gigya.site })).records;
    const flags = accounts.slice(0, 60).map(({ UID }, n) => ({ UID, data: { subscribed: n % 4 !== 0 } }) as DataRecord);
    await runComponent(accountWriter, { records: flags, site: gigya.site });
    server.platforms['campaign-monitor'].faults.set({ path: 'import', status: 503, times: 1 });
    const { apiUrl, apiKey, listId } = settings();
    const { snapshot } = await runRealFlow('dataflow-tool--campaingMonitor--outbound.json', {
      params: { campaignmonitor: { apiUrl, apiKey, listId } as DataRecord },
      site: gigya.site,
    });
    expect(snapshot).toMatchObject({ status: 'succeeded' });
    const step = snapshot.steps.find(({ type }) => type === 'datasource.write.campaignmonitor');
    expect(step).toMatchObject({ input: 120, balanced: true });
    const withMail = accounts.map((account, n) => ({ account, n })).filter(({ account }) => mailOf(account) !== undefined);
    const joined = withMail.find(({ n }) => n % 4 !== 0)?.account ?? {};
    expect(await subscriber(String(mailOf(joined)))).toMatchObject({
      State: 'Active',
      CustomFields: [{ Key: 'GigyaUID', Value: joined.UID }],
    });
    const before = withMail.filter(({ n }) => n < 60 && n % 4 !== 0).length;
    expect(state()).toMatchObject({ subscribers: 240 + before });
  });
});
