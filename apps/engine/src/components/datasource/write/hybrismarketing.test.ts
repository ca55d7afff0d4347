import { demoSapMarketing, type PlatformsServer, sapMarketing, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, FatalError, RetryableError } from '#dataflow';
import { fakeContext, hostile, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runWriter } from '#testing/run-writer.ts';
import writer from './hybrismarketing.ts';

let server: PlatformsServer<'sap-marketing'>;
beforeAll(async () => {
  server = await startPlatforms([sapMarketing]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['sap-marketing'].reset());

const platform = () => server.platforms['sap-marketing'];
const settings = (): DataRecord => ({
  ...demoSapMarketing,
  endpoint: `${platform().url}/sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004`,
  contactField: 'UID',
  emailField: 'profile.email',
  mobileField: 'mobile',
  batchSize: 50,
});
const rights: DataRecord = {
  marketingAreaField: 'area',
  subscriptions: [{ newsletterField: 'data.news', communicationCategory: 'NEWS' }],
  consent: [
    { consentField: 'mailConsent', communicationMedium: 'EMAIL', communicationType: 'EMAIL' },
    { consentField: 'smsConsent', communicationMedium: 'SMS', communicationType: 'MOBILE' },
  ],
};
const write = (records: DataRecord[], more: DataRecord = {}) =>
  leakCheck((signal) => runComponent(writer, { params: { ...settings(), ...more }, records, signal }));
const writeInJob = (records: DataRecord[], more: DataRecord = {}) => runWriter(writer, { params: { ...settings(), ...more }, records });
const people = (count: number): DataRecord[] =>
  Array.from({ length: count }, (_, n) => ({ UID: `u${n}`, profile: { email: `p${n}@example.com` }, FirstName: `Zoë "${n}"` }));
const stored = (name = 'ContactOriginData') => platform().state()[name] as DataRecord[];
const batches = () => platform().requests.filter(({ path }) => path.endsWith('$batch'));
const told = (run: { errors: DataRecord[] }) =>
  Object.fromEntries(run.errors.map(({ UID = 'none', _errorDetails }) => [UID, (_errorDetails as DataRecord).errorMessage]));

describe('writing contacts to SAP Marketing', () => {
  test('writes contact, permissions and subscriptions of each record, and passes it on as it came', async () => {
    const record: DataRecord = {
      UID: "o'neil/1 ä",
      profile: { email: 'zoe@example.com' },
      mobile: '+49 170 1234567',
      area: 'DACH',
      FirstName: 'Zoë\r\n--batch',
      BirthDate: '1990-02-03',
      Latitude: 48.5,
      IsConsumer: true,
      data: { news: 'yes' },
      mailConsent: true,
      smsConsent: 0,
    };
    const run = await write([record], rights);
    expect(run.records).toEqual([record]);
    expect(stored()).toEqual([
      {
        ContactID: "o'neil/1 ä",
        ContactOrigin: 'Gigya',
        OriginDataLastChgUTCDateTime: '2024-02-29T12:34:56Z',
        FirstName: 'Zoë\r\n--batch',
        BirthDate: '1990-02-03T00:00:00',
        Latitude: '48.5',
        IsConsumer: true,
        EmailAddress: 'zoe@example.com',
        MobileNumber: '+49 170 1234567',
      },
    ]);
    const key = { ContactID: "o'neil/1 ä", ContactOrigin: 'Gigya' };
    const mail = { ContactPermissionID: 'zoe@example.com', ContactPermissionOrigin: 'EMAIL', MarketingArea: 'DACH' };
    const mobile = { ContactPermissionID: '+49 170 1234567', ContactPermissionOrigin: 'MOBILE', MarketingArea: 'DACH' };
    expect(stored('MarketingPermissions')).toEqual([
      { ...key, ...mail, CommunicationMedium: 'EMAIL', PermissionGranted: 'Y', PermissionUTCDateTime: '2024-02-29T12:34:56Z' },
      { ...key, ...mobile, CommunicationMedium: 'SMS', PermissionGranted: 'N', PermissionUTCDateTime: '2024-02-29T12:34:56Z' },
    ]);
    expect(stored('MarketingSubscriptions')).toMatchObject([
      { ContactSubscriptionID: 'zoe@example.com', SubscriptionTopic: 'NEWS', SubscriptionSignUpExists: 'Y' },
    ]);
  });

  test('sends up to batchSize records a call, one by default', async () => {
    await write(people(120));
    await write(people(2), { batchSize: '' });
    expect(batches().map(({ body }) => body.match(/PATCH ContactOriginData/g)?.length)).toEqual([50, 50, 20, 1, 1]);
    expect(stored()).toHaveLength(120);
  });

  test('each refused record goes to the error path with code and text of the system, the others on', async () => {
    const run = await write(
      [
        { UID: 'ok', data: {} },
        { UID: 'field', Nope: 1 },
        { UID: 'long', LastName: 'x'.repeat(41) },
        { UID: 'mail', profile: { email: 'nobody' }, mailConsent: true },
        { UID: 'area', profile: { email: 'a@b.example' }, area: 'NOWHERE', mailConsent: true },
        { UID: 'last' },
      ],
      rights,
    );
    expect(run.records.map(({ UID }) => UID)).toEqual(['ok', 'last']);
    expect(told(run)).toEqual({
      field: "SAP Marketing refused the contact: HTTP 400, /IWCOR/CX_DS_EP_PROPERTY_ERROR: Property 'Nope' is invalid",
      long: expect.stringContaining("/IWBEP/CM_MGW_RT/021: Property 'LastName' has invalid value"),
      mail: expect.stringContaining('CUAN_INITIAL_LOAD/040: E-mail address nobody is not valid'),
      area: expect.stringContaining('Marketing area NOWHERE is not known'),
    });
    expect(run.errors.map(({ _errorDetails }) => (_errorDetails as DataRecord).errorCode)).toEqual(Array(4).fill(503002));
    expect(stored().map(({ ContactID }) => ContactID)).toEqual(['ok', 'last']);
    expect(batches()).toHaveLength(1);
  });

  test('records that cannot be sent go to the error path before a call', async () => {
    const run = await write(
      [
        { FirstName: 'no id' },
        { UID: 'x'.repeat(256) },
        { UID: 'object', address: { city: 'Bern' } },
        { UID: 'flag', profile: { email: 'a@b.example' }, mailConsent: 'perhaps' },
        { UID: 'address', mailConsent: true },
        { UID: 'number', smsConsent: true },
        { UID: 'half\ud83d' },
      ],
      rights,
    );
    expect(run.records).toEqual([]);
    expect(told(run)).toMatchObject({
      none: 'The record has no id: UID is missing.',
      object: expect.stringContaining('Field address holds an object'),
      flag: expect.stringContaining('mailConsent holds neither true nor false'),
      address: 'The record has no mail address to give a permission for: profile.email.',
      number: 'The record has no mobile number to give a permission for: mobile.',
      'half\ud83d': expect.stringContaining('lone surrogate'),
    });
    expect(run.errors).toHaveLength(7);
    expect(platform().requestCount()).toBe(0);
  });

  test('a flag that says nothing changes nothing, null clears, what is not named stays', async () => {
    await write([{ UID: 'u', FirstName: 'A', LastName: 'B', profile: { email: 'a@b.example' }, mailConsent: true }], rights);
    await write([{ UID: 'u', FirstName: null, mailConsent: '', smsConsent: null }], rights);
    expect(stored()).toMatchObject([{ FirstName: null, LastName: 'B', EmailAddress: 'a@b.example' }]);
    expect(stored('MarketingPermissions')).toHaveLength(1);
  });

  test('the endpoint may name only the system', async () => {
    expect((await write(people(1), { endpoint: platform().url })).records).toHaveLength(1);
    expect((await write(people(1), { endpoint: `${settings().endpoint}/$metadata?x=1` })).records).toHaveLength(1);
  });

  test('a session that ended is begun anew', async () => {
    platform().faults.set({ path: '$batch', status: 403, body: 'CSRF token validation failed', times: 1 });
    expect((await write(people(2))).records).toHaveLength(2);
    expect(platform().state().sessions).toBe(2);
  });

  test('Retry-After is obeyed, server errors are repeated', async () => {
    platform().faults.set({ path: '$batch', status: 429, retryAfter: 1, times: 1 }, { path: '$batch', status: 503, times: 1 });
    const begun = performance.now();
    expect((await writeInJob(people(3))).records).toHaveLength(3);
    expect(performance.now() - begun).toBeGreaterThan(900);
    expect(batches()).toHaveLength(3);
  });

  test('an answer that is none to a batch fails the job', async () => {
    platform().faults.set({ path: '$batch', status: 202, body: '<html>', times: 1 });
    await expect(write(people(1))).rejects.toThrow('something that is no answer to a batch. Check the endpoint');
  });

  test.each(['before', 'after'] as const)('a connection cut %s the contacts were written leaves each once', async (cut) => {
    platform().faults.set({ path: '$batch', cut, times: 1 });
    expect((await writeInJob(people(5), { batchSize: 5 })).records).toHaveLength(5);
    expect(stored()).toHaveLength(5);
    expect(batches()).toHaveLength(2);
  });

  test.each([
    ['a wrong password', { password: 'not-the-password' }, /HTTP 401.*Check username and password/],
    ['another service', { endpoint: 'ORIGIN/sap-marketing/sap/x/API_MKT_CONTACT_SRV' }, /HTTP 403, No service found.*SAP_COM_0207/],
    ['an address of something else', { endpoint: 'ORIGIN/elsewhere' }, /HTTP 404.*Check the endpoint/],
  ])('%s fails the job with what to do', async (_what, more: DataRecord, message) => {
    const endpoint = String(more.endpoint ?? settings().endpoint).replace('ORIGIN', server.url);
    const failing = write(people(2), { ...more, endpoint });
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow('not-the-password');
  });

  test('names host and cause when nobody answers', async () => {
    const failing = write(people(1), { endpoint: 'http://127.0.0.1:1' });
    await expect(failing).rejects.toBeInstanceOf(RetryableError);
    await expect(failing).rejects.toThrow('http://127.0.0.1:1 did not answer: connection refused');
  });

  test.each([
    ['batchSize', '51'],
    ['batchSize', '0'],
    ['endpoint', ''],
    ['password', null],
    ['consent', [{ consentField: 'x', communicationMedium: 'EMAIL', communicationType: 'FAX' }]],
    ['subscriptions', [{ newsletterField: 'x' }]],
  ])('parameter %s is checked before anything is sent', async (name, value) => {
    await expect(write(people(1), { [name]: value })).rejects.toThrow(name);
    expect(platform().requestCount()).toBe(0);
  });

  test('survives hostile records', async () => {
    const records = hostile.hostileRecords().map((record, n) => ({ ...record, UID: `h${n}` }));
    const run = await write(records);
    expect(run.records.length + run.errors.length).toBe(records.length);
  });

  test('tests the connection without a change', async () => {
    await using connection = await writer.connect?.(writer.params.parse(settings()), fakeContext());
    expect(await connection?.test()).toMatch(/^GIGYA_INBOUND may use 127\.0\.0\.1:\d+\/.*API_MKT_CONTACT_SRV;v=0004\/\.$/);
    expect(batches()).toEqual([]);
  });

  test('sends requests of the reviewed shapes', async () => {
    const record = { UID: "o'neil", profile: { email: 'zoe@example.com' }, FirstName: 'Zoë', data: { news: true }, mailConsent: false };
    await write([record, { UID: 'u2' }], rights);
    const hide = (text: string) => text.replace(/(batch|changeset)_[0-9a-f-]{36}/g, '$1_…').replaceAll('\r', '');
    const shapes = requestShapes(platform().requests, hide);
    await expect(hide(shapes)).toMatchFileSnapshot('./__requests__/hybrismarketing.json');
  });
});
