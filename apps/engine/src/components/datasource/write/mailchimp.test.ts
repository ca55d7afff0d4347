import { demoMailchimp, type GigyaServer, mailchimp, type PlatformsServer, startGigya, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, FatalError, RetryableError } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runRealFlow } from '#testing/run-real-flow.ts';
import accountReader from '../read/gigya/account.ts';
import accountWriter from './gigya/account.ts';
import writer from './mailchimp.ts';

let server: PlatformsServer<'mailchimp'>;
beforeAll(async () => {
  server = await startPlatforms([mailchimp]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.mailchimp.reset());

const settings = (): DataRecord => ({
  ...demoMailchimp,
  apiUrl: `${server.platforms.mailchimp.url}/3.0/`,
  newsletterField: 'newsletterField',
});
const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { params: { ...settings(), ...params }, records });
const person = (n: number, more: DataRecord = {}): DataRecord => ({
  UID: `u${n}`,
  EMAIL: `person${n}@example.com`,
  FNAME: `Zoë ${n}`,
  LNAME: 'Østergård',
  newsletterField: 'true',
  ...more,
});
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));
const posts = () => server.platforms.mailchimp.requests.filter(({ method }) => method === 'POST');
const asked = async (path: string) => {
  const authorization = `Basic ${Buffer.from(`any:${demoMailchimp.apiKey}`).toString('base64')}`;
  const answer = await fetch(`${server.platforms.mailchimp.url}/3.0/lists/${demoMailchimp.listId}/${path}`, { headers: { authorization } });
  return (await answer.json()) as { members: DataRecord[] };
};
const members = async (query = '') => (await asked(`members?count=1000${query}`)).members;
const member = async (email: string) => (await members()).find(({ email_address }) => email_address === email);
const reasons = (errors: DataRecord[]) => errors.map(({ _errorDetails }) => (_errorDetails as DataRecord).errorMessage);

describe('writing members of a list', () => {
  test('adds members with their merge fields, 500 in a call, and passes the records on as they came', async () => {
    const run = await write(people(1200));
    expect(run.records).toEqual(people(1200));
    expect(posts().map(({ body }) => JSON.parse(body).members.length)).toEqual([500, 500, 200]);
    expect(server.platforms.mailchimp.state()).toMatchObject({ members: 1450 });
    expect((await asked('members?count=1&sort_field=timestamp_opt&sort_dir=DESC')).members[0]).toMatchObject({
      status: 'subscribed',
      merge_fields: { LNAME: 'Østergård' },
    });
  });

  test('fields that are no merge tag are not sent, and told once; tags are found in any case', async () => {
    const run = await write([person(1), person(2, { uname: 'zoe2', profile: { a: 1 } })]);
    expect(JSON.parse(posts()[0]?.body ?? '').members[1].merge_fields).toEqual({ FNAME: 'Zoë 2', LNAME: 'Østergård', UNAME: 'zoe2' });
    expect(run.log.map(({ message }) => message)).toEqual([
      'The field UID is no merge tag of the list, so it is not sent.',
      'The field profile is no merge tag of the list, so it is not sent.',
    ]);
  });

  test('the flag subscribes and unsubscribes; without one the record is not sent, unsubscribes or fails, as the step says', async () => {
    await write([person(1), person(2)]);
    const records = [person(1, { newsletterField: false }), person(2, { newsletterField: null })];
    expect((await write(records)).records).toHaveLength(2);
    expect([(await member('person1@example.com'))?.status, (await member('person2@example.com'))?.status]).toEqual([
      'unsubscribed',
      'subscribed',
    ]);
    expect((await write([person(2, { newsletterField: 'perhaps' })])).errors).toHaveLength(1);
    const { newsletterField: _, ...bare } = person(2);
    expect(reasons((await write([bare], { withoutFlag: 'reject' })).errors)[0]).toMatch(/newsletterField is missing or empty/);
    await write([bare], { withoutFlag: 'unsubscribe' });
    expect((await member('person2@example.com'))?.status).toBe('unsubscribed');
  });

  test('null changes nothing, empty text clears, numbers and addresses keep their form', async () => {
    const ADDRESS = { addr1: 'A road 1', city: 'Oslo', state: 'Oslo', zip: '0150' };
    await write([person(1, { AGE: 41, ADDRESS })]);
    await write([person(1, { FNAME: null, LNAME: '', AGE: '42' })]);
    expect((await member('person1@example.com'))?.merge_fields).toMatchObject({ FNAME: 'Zoë 1', LNAME: '', AGE: '42', ADDRESS });
  });

  test('interests put members into groups and out of them', async () => {
    const interests = [
      { field: 'data.sport', interestId: '9143cf3bd1' },
      { field: 'data.music', interestId: '3a2a927344' },
    ];
    await write([person(1, { data: { sport: true, music: 'no' } })], { interests });
    await write([person(1, { data: { sport: null, music: 1 } })], { interests });
    expect((await member('person1@example.com'))?.interests).toEqual({ '9143cf3bd1': true, '3a2a927344': true, f9c8f5f0ff: false });
    const run = await write([person(1, { data: { sport: true } })], { interests: [{ field: 'data.sport', interestId: 'gone' }] });
    expect(reasons(run.errors)).toEqual(["Invalid interest ID: 'gone' (ERROR_GENERIC, interests.gone: Unknown interest)."]);
  });

  test('members that are refused go to the error path with the text and error name of the platform', async () => {
    const [left] = await members('&status=unsubscribed');
    const run = await write([
      person(1),
      person(2, { EMAIL: 'no address' }),
      person(3, { EMAIL: String(left?.email_address) }),
      person(4, { AGE: 'old' }),
      person(5, { EMAIL: '' }),
      person(6, { FNAME: ['a', 'b'] }),
    ]);
    expect(run.records.map(({ UID }) => UID)).toEqual(['u1']);
    expect(run.errors.map(({ UID }) => UID).toSorted()).toEqual(['u2', 'u3', 'u4', 'u5', 'u6']);
    expect(reasons(run.errors).toSorted()).toEqual([
      expect.stringMatching(/^Please provide a valid email address \(ERROR_GENERIC\)\.$/),
      expect.stringMatching(/^The field FNAME holds a list/),
      expect.stringMatching(/^The record has no mail address/),
      expect.stringMatching(/^Your merge fields were invalid \(ERROR_GENERIC, AGE: Please enter a number\)\.$/),
      expect.stringMatching(/compliance state/),
    ]);
    expect(
      run.errors.every(({ _errorDetails }) =>
        [errorCodes.targetRefused, errorCodes.invalidRecord].includes((_errorDetails as { errorCode: never }).errorCode),
      ),
    ).toBe(true);
  });

  test('one member that makes the platform refuse the call is found in at most 2·log2(n)+1 calls', async () => {
    const run = await write(people(500).map((record, n) => (n === 321 ? { ...record, ADDRESS: { addr1: 5 } } : record)));
    expect(run.records).toHaveLength(499);
    expect(reasons(run.errors)).toEqual([
      expect.stringMatching(/Invalid Resource: .*ADDRESS\.addr1: Schema describes string, number found/),
    ]);
    expect(posts().length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(500)) + 1);
    expect(server.platforms.mailchimp.state()).toMatchObject({ members: 749 });
  });

  test('records of one address are sent one after the other, the last one wins', async () => {
    const run = await write([person(1, { FNAME: 'first' }), person(2), person(1, { EMAIL: 'PERSON1@example.com', FNAME: 'last' })]);
    expect(run.records).toHaveLength(3);
    expect(posts().map(({ body }) => JSON.parse(body).members.length)).toEqual([2, 1]);
    expect((await member('PERSON1@example.com'))?.merge_fields).toMatchObject({ FNAME: 'last' });
  });

  test('hostile values neither break the call nor reach another field', async () => {
    const hostile = ['</script>', '"};', '\u0000', '\ud800', '../..', '${now}', '=1+1', 'x'.repeat(10_000), '👩‍👩‍👧'];
    const withProto = (record: DataRecord): DataRecord =>
      JSON.parse(JSON.stringify(record).replace('{', '{"__proto__":{"LNAME":"stolen"},'));
    const run = await write(hostile.map((FNAME, n) => withProto(person(n, { FNAME }))));
    expect(run.records).toHaveLength(hostile.length);
    expect((await member('person1@example.com'))?.merge_fields).toMatchObject({ FNAME: '"};', LNAME: 'Østergård' });
  });

  test('a call that was cut is for the runtime to repeat, and repeating it leaves the same members', async () => {
    for (const cut of ['before', 'after'] as const) {
      server.platforms.mailchimp.faults.set({ method: 'POST', cut, times: 1 });
      await expect(write(people(3))).rejects.toBeInstanceOf(RetryableError);
      expect((await write(people(3))).records).toHaveLength(3);
    }
    expect(server.platforms.mailchimp.state()).toMatchObject({ members: 253 });
  });

  test('throttling and server errors are for the runtime to repeat, after Retry-After', async () => {
    server.platforms.mailchimp.faults.set({ method: 'POST', status: 429, retryAfter: 7, times: 1 });
    await expect(write(people(1))).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: 7000 });
    server.platforms.mailchimp.faults.set({ method: 'POST', status: 500, times: 1 });
    await expect(write(people(1))).rejects.toBeInstanceOf(RetryableError);
  });

  test.each([
    ['a wrong key', { apiKey: 'wrong-us6' }, /API Key Invalid/],
    ['an unknown list', { listId: 'none' }, /Resource Not Found: .*Check the list id/],
  ])('%s fails the job', async (_, params, text) => {
    const thrown = await write(people(3), params).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(text);
  });

  test('no records make no call, and nothing stays open', async () => {
    expect((await write([])).records).toEqual([]);
    expect(server.platforms.mailchimp.requests).toHaveLength(0);
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: people(10), signal }));
  });

  test('sends requests of the reviewed shapes', async () => {
    const records = [
      person(1, { data: { sport: true } }),
      person(2, { newsletterField: false, AGE: 30, data: {} }),
      person(2, { EMAIL: 'Person2@example.com' }),
    ];
    await write(records, { interests: [{ field: 'data.sport', interestId: '9143cf3bd1' }] });
    await expect(requestShapes(server.platforms.mailchimp.requests)).toMatchFileSnapshot('./__requests__/mailchimp.json');
  });
});

const mailOf = ({ profile }: DataRecord) => (profile as DataRecord).email ?? undefined;

describe('the real dataflow Mailchimp outbound', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 120 });
  });
  afterAll(() => gigya.stop());

  test('runs as it is stored, but for address, key and list', async () => {
    const accounts = (await runComponent(accountReader, { params: { select: 'UID, profile.email' }, site: gigya.site })).records;
    const flags = accounts
      .slice(0, 60)
      .map(({ UID }, n) => ({ UID, data: { mailchimp: { subscribePlatformUpdates: n % 4 !== 0 } } }) as DataRecord);
    await runComponent(accountWriter, { records: flags, site: gigya.site });
    server.platforms.mailchimp.faults.set({ method: 'POST', status: 503, times: 2 });
    const { apiUrl, apiKey, listId } = settings();
    const { snapshot, trace } = await runRealFlow('dataflow-tool--mailchimp--outbound.json', {
      params: { mailchimp: { apiUrl, apiKey, listId } as DataRecord },
      site: gigya.site,
    });
    expect(snapshot).toMatchObject({ status: 'succeeded' });
    const step = snapshot.steps.find(({ type }) => type === 'datasource.write.mailchimp');
    expect(step).toMatchObject({ input: 120, balanced: true });
    const written = (email: unknown) => members().then((all) => all.find(({ email_address }) => email_address === email));
    const [left, joined] = accounts.map(mailOf).filter((email) => email !== undefined);
    expect(await written(left)).toMatchObject({ status: 'unsubscribed' });
    expect(await written(joined)).toMatchObject({
      status: 'subscribed',
      merge_fields: { FNAME: expect.any(String) },
    });
    const told = trace.filter(({ message }) => message.includes('is no merge tag')).map(({ message }) => message);
    expect(told).toEqual(['The field UID is no merge tag of the list, so it is not sent.']);
    expect(trace.filter(({ message }) => message.includes('Trying again'))).toHaveLength(2);
  });
});
