import { demoExactTarget, exacttarget, type GigyaServer, type PlatformsServer, startGigya, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openExactTarget } from '#connectors/exacttarget.ts';
import { type DataRecord, FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runRealFlow } from '#testing/run-real-flow.ts';
import { runWriter } from '#testing/run-writer.ts';
import writer from './exacttarget.ts';

let server: PlatformsServer<'exacttarget'>;
beforeAll(async () => {
  server = await startPlatforms([exacttarget]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.exacttarget.reset());

const settings = (): DataRecord => ({ ...demoExactTarget, authUrl: server.platforms.exacttarget.url });
const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { params: { ...settings(), ...params }, records });
/** In a job, with the runtime's repetitions. */
const writeInJob = (records: DataRecord[]) => runWriter(writer, { params: settings(), records });
const person = (n: number): DataRecord => ({ GUID: `u${n}`, EMAIL: `u${n}@example.com`, FNAME: `Zoë "${n}"` });
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));
const rows = () => (server.platforms.exacttarget.state().rows as Record<string, DataRecord[]>).GigyaSubscribers ?? [];
const rowsets = () => server.platforms.exacttarget.requests.filter(({ path }) => path.endsWith('/rowset'));

describe('writing rows of a data extension', () => {
  test('sends 50 rows a call, keys apart from values, and passes the records on as they came', async () => {
    const run = await write(people(120));
    expect(run.records).toEqual(people(120));
    expect(rows()).toEqual(people(120));
    expect(rowsets().map(({ body }) => JSON.parse(body).length)).toEqual([50, 50, 20]);
    expect(server.platforms.exacttarget.state().tokens).toBe(1);
  });

  test('the same rows written twice are there once', async () => {
    await write(people(3));
    await write([{ ...person(1), FNAME: null }]);
    expect(rows()).toEqual([person(0), { ...person(1), FNAME: null }, person(2)]);
  });

  test('one bad row among 50 is found in at most 2·log2(n)+1 calls, and told with code and text of the platform', async () => {
    const records = people(50).map((record, n) => (n === 33 ? { ...record, EMAIL: 'none' } : record));
    const run = await write(records);
    expect(run.records).toHaveLength(49);
    expect(run.errors).toMatchObject([
      {
        GUID: 'u33',
        EMAIL: 'none',
        _errorDetails: { errorCode: 10006, errorMessage: expect.stringMatching(/EMAIL.*not a valid email address/) },
      },
    ]);
    expect(rowsets().length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(50)) + 1);
    expect(rows()).toHaveLength(49);
  });

  test('a record without a primary key, and one with an object in a field, go to the error path without a call', async () => {
    const run = await write([
      { GUID: 'a' },
      { ...person(1), EMAIL: '' },
      { ...person(2), FNAME: { a: 1 } },
      { ...person(3), FNAME: ['a'] },
    ]);
    expect(run.records).toEqual([]);
    expect(run.errors.map(({ _errorDetails }) => (_errorDetails as DataRecord).errorMessage)).toEqual([
      'The record has no EMAIL, which is a primary key of the data extension.',
      'The record has no EMAIL, which is a primary key of the data extension.',
      'Field FNAME holds an object; the platform takes one value. Flatten, rename or remove it in an earlier step.',
      'Field FNAME holds a list; the platform takes one value. Flatten, rename or remove it in an earlier step.',
    ]);
    expect(server.platforms.exacttarget.requestCount()).toBe(0);
  });

  test('hostile names and values reach the platform as they are, or are refused by it', async () => {
    const odd = { GUID: 'o', EMAIL: 'o@example.com', FNAME: '"],{}\u0000\u2028\ud800', LNAME: '<b>', UNAME: '__proto__' };
    expect((await write([odd])).records).toEqual([odd]);
    const polluted = JSON.parse('{"GUID": "p", "EMAIL": "p@example.com", "__proto__": "x"}');
    expect((await write([polluted])).errors).toMatchObject([
      { _errorDetails: { errorMessage: expect.stringContaining('[__proto__] does not exist') } },
    ]);
  });

  test('signs in by the older call when the address names it', async () => {
    const run = await write(people(1), { authUrl: `${server.platforms.exacttarget.url}/v1/requestToken` });
    expect(run.records).toHaveLength(1);
    expect(server.platforms.exacttarget.requests.map(({ path }) => path)).toEqual([
      '/v1/requestToken',
      '/hub/v1/dataevents/key:GigyaSubscribers/rowset',
    ]);
  });

  test('a token that ended early is fetched again, once', async () => {
    server.platforms.exacttarget.faults.set({ path: '/rowset', status: 401, body: '{"message":"Not Authorized","errorcode":0}', times: 1 });
    expect((await write(people(1))).records).toHaveLength(1);
    expect(server.platforms.exacttarget.state().tokens).toBe(2);
  });

  test.each([
    ['a wrong secret', { clientSecret: 'wrong' }, /v2\/token refuses the credentials.*invalid_client.*Check the client id, the secret/],
    ['a wrong id by the older call', { clientId: 'wrong', old: true }, /v1\/requestToken refuses the credentials: HTTP 401/],
    ['an unknown data extension', { dataExtension: 'Nope' }, /10001: Parameter \{guid\} is invalid\. Check the external key/],
    ['a primary key that is none', { primaryKeys: 'GUID,FNAME' }, /10000: Primary key 'FNAME' does not exist\. Check the primary keys/],
  ])('%s fails the job with what to do', async (_what, { old, ...params }: DataRecord, message) => {
    const authUrl = `${server.platforms.exacttarget.url}${old ? '/v1/requestToken' : ''}`;
    const failing = write(people(3), { ...params, authUrl });
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow(/wrong/);
  });

  test.each([
    ['clientSecret', ''],
    ['primaryKeys', ' , '],
    ['accountId', 'the shop'],
    ['maxConnections', 'many'],
  ])('parameter %s is checked before anything is sent', async (name, value) => {
    await expect(write(people(1), { [name]: value })).rejects.toThrow(name);
    expect(server.platforms.exacttarget.requestCount()).toBe(0);
  });

  test('an address that is none, and a host that is not there, are told as such', async () => {
    await expect(write(people(1), { authUrl: 'ftp://x' })).rejects.toThrow(/params.authUrl: .*not a web address/);
    const log: LogEntry[] = [];
    const context = fakeContext({ log, signal: AbortSignal.timeout(300) });
    await using away = openExactTarget({ ...demoExactTarget, authUrl: 'http://127.0.0.1:1', connections: 1 }, context, 'x');
    await expect(away.test()).rejects.toMatchObject({ name: 'CancelledError' });
    expect(log[0]?.message).toMatch(
      /^http:\/\/127\.0\.0\.1:1 did not answer: connection refused \(ECONNREFUSED\)\. Check host and port, .*Trying again/,
    );
  });

  test('Retry-After is obeyed and a server error repeated', async () => {
    server.platforms.exacttarget.faults.set(
      { path: '/rowset', status: 429, retryAfter: 1, times: 1 },
      { path: '/rowset', status: 503, times: 1 },
    );
    const begun = performance.now();
    const run = await writeInJob([...people(2), { GUID: 'no mail' }]);
    expect(run.records).toHaveLength(2);
    expect(run.errors).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThan(900);
    expect(rowsets()).toHaveLength(3);
  });

  test.each(['before', 'after'] as const)('a connection cut %s the rows were saved leaves each row once', async (cut) => {
    server.platforms.exacttarget.faults.set({ path: '/rowset', cut, times: 1 });
    expect((await writeInJob(people(5))).records).toHaveLength(5);
    expect(rows()).toEqual(people(5));
    expect(rowsets()).toHaveLength(2);
  });

  test('no record, no call; nothing is left open', async () => {
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: [], signal }));
    expect(server.platforms.exacttarget.requestCount()).toBe(0);
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: people(60), signal }));
  });

  test('a stopped job ends at once', async () => {
    server.platforms.exacttarget.faults.set({ path: '/rowset', delayMs: 60_000 });
    const controller = new AbortController();
    const stopped = runComponent(writer, { params: settings(), records: people(1), signal: controller.signal });
    while (rowsets().length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'CancelledError' });
  });

  test('the test of the connection tells the rows there are, or what is wrong', async () => {
    await write(people(2));
    const open = (dataExtension: string) =>
      openExactTarget({ ...demoExactTarget, authUrl: server.platforms.exacttarget.url, connections: 1 }, fakeContext(), dataExtension);
    await using known = open('GigyaSubscribers');
    expect(await known.test()).toBe('Signed in; data extension GigyaSubscribers has 2 rows.');
    await using unknown = open('Nope');
    await expect(unknown.test()).rejects.toThrow(/Check the external key/);
  });

  test('sends requests of the reviewed shapes', async () => {
    await write([person(1), { ...person(2), EMAIL: 'none' }], { accountId: '1234567' });
    await expect(
      requestShapes(server.platforms.exacttarget.requests, (text) => text.replace(demoExactTarget.clientSecret, '…')),
    ).toMatchFileSnapshot('./__requests__/exacttarget.json');
  });
});

describe('the real dataflow Salesforce Marketing Cloud', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 120 });
  });
  afterAll(() => gigya.stop());

  test('writes the accounts of a site, those without a mail address by the error path', async () => {
    const params = {
      clientId: demoExactTarget.clientId,
      clientSecret: demoExactTarget.clientSecret,
      authUrl: server.platforms.exacttarget.url,
    };
    const { snapshot } = await runRealFlow('dataflow-tool--salesforce--marketingCloud.json', {
      params: { exacttarget: params },
      site: gigya.site,
    });
    expect(snapshot).toMatchObject({ status: 'succeeded' });
    const step = snapshot.steps.find(({ type }) => type === 'datasource.write.exacttarget');
    expect(step).toMatchObject({ input: 120, output: rows().length, failed: 120 - rows().length, balanced: true });
    expect(rows().length).toBeGreaterThan(100);
    expect(Object.keys(rows()[0] ?? {})).toEqual(['GUID', 'EMAIL', 'FNAME', 'LNAME', 'UNAME']);
  });
});

test('an endpoint that is away is for the engine to repeat', async () => {
  server.platforms.exacttarget.faults.set({ path: '/rowset', cut: 'before' });
  const away = openExactTarget(
    { ...demoExactTarget, authUrl: server.platforms.exacttarget.url, connections: 1 },
    fakeContext(),
    'GigyaSubscribers',
  );
  await expect(away.upsertRows('GigyaSubscribers', [])).rejects.toBeInstanceOf(RetryableError);
  await away[Symbol.asyncDispose]();
});
