import { demoMarketo, marketoWith, type PlatformsServer, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openMarketo } from '#connectors/marketo/client.ts';
import { type DataRecord, FatalError } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runWriter } from '#testing/run-writer.ts';
import writer from './marketo.ts';

let server: PlatformsServer<'marketo'>;
beforeAll(async () => {
  server = await startPlatforms([marketoWith({})]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.marketo.reset());

const settings = (): DataRecord => ({ ...demoMarketo, baseUrl: server.platforms.marketo.url });
const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { params: { ...settings(), ...params }, records });
/** In a job, with the runtime's repetitions. */
const writeInJob = (records: DataRecord[]) => runWriter(writer, { params: settings(), records });
const people = (count: number): DataRecord[] =>
  Array.from({ length: count }, (_, n) => ({ email: `new${n}@example.com`, firstName: `Zoë "${n}"`, leadScore: n }));
const leads = () => Number(server.platforms.marketo.state().leads) - 700;
const calls = () => server.platforms.marketo.requests.filter(({ path }) => path === '/rest/v1/leads.json');
const details = (record: DataRecord | undefined) => record?._errorDetails;

describe('writing leads', () => {
  test('sends 300 leads a call and passes the records on as they came', async () => {
    const run = await write(people(650));
    expect(run.records).toEqual(people(650));
    expect(leads()).toBe(650);
    expect(calls().map(({ body }) => JSON.parse(body).input.length)).toEqual([300, 300, 50]);
  });

  test('each lead that is skipped goes to the error path with code and text of the platform, the others on', async () => {
    const run = await write([
      ...people(2),
      { firstName: 'nobody' },
      { email: 'a@b.example', nope: 1 },
      { email: 'c@d.example', leadScore: 'many' },
      { email: 'e@f.example' },
    ]);
    expect(run.records.map(({ email }) => email)).toEqual(['new0@example.com', 'new1@example.com', 'e@f.example']);
    expect(run.errors.map(details)).toEqual([
      { errorCode: 1003, errorMessage: "Marketo skipped the lead: 1003: Value for lookup field 'email' is missing." },
      { errorCode: 1006, errorMessage: "Marketo skipped the lead: 1006: Field 'nope' not found." },
      { errorCode: 1001, errorMessage: "Marketo skipped the lead: 1001: Invalid value 'many'. Required of type 'integer'." },
    ]);
    expect(leads()).toBe(3);
  });

  test('objects and lists are refused before a call, empty ones left out', async () => {
    const run = await write([
      { email: 'a@b.example', profile: {}, tags: [] },
      { email: 'c@d.example', profile: { a: 1 } },
    ]);
    expect(run.records).toHaveLength(1);
    expect(run.errors.map(details)).toEqual([
      { errorCode: 400009, errorMessage: expect.stringContaining('Field profile holds an object') },
    ]);
    expect(JSON.parse(calls()[0]?.body ?? '').input).toEqual([{ email: 'a@b.example' }]);
  });

  test('looks leads up by another field', async () => {
    const run = await write([{ guid: 'lead-0001', city: 'Bern' }, { guid: 'new-one' }], { lookupField: 'guid' });
    expect(run.records).toHaveLength(2);
    expect(leads()).toBe(1);
  });

  test('a call over a megabyte is halved until it fits, and a lead that never fits goes to the error path', async () => {
    const large = people(4).map((lead) => ({ ...lead, address: 'x'.repeat(400_000) }));
    const run = await write([...large, { email: 'huge@example.com', address: 'x'.repeat(1_100_000) }]);
    expect(run.records).toEqual(large);
    expect(run.errors).toMatchObject([{ email: 'huge@example.com', _errorDetails: { errorMessage: expect.stringContaining('HTTP 413') } }]);
    expect(leads()).toBe(4);
  });

  test('a lead that spoils its whole call is found in at most 2·log2(n)+1 calls', async () => {
    const records = people(16).map((lead, n) => (n === 11 ? { ...lead, address: 'x'.repeat(1_100_000) } : lead));
    const run = await write(records);
    expect(run.records).toHaveLength(15);
    expect(run.errors).toMatchObject([{ email: 'new11@example.com' }]);
    expect(calls().length).toBeLessThanOrEqual(2 * Math.log2(16) + 1);
  });

  test('hostile values reach the platform as they are', async () => {
    const odd = { email: 'odd@example.com', firstName: '"],{}\u0000\u2028', lastName: '\ud800', city: '__proto__' };
    expect((await write([odd])).records).toEqual([odd]);
    expect((await write([JSON.parse('{"email": "p@example.com", "__proto__": "x"}')])).errors.map(details)).toMatchObject([
      { errorCode: 1006 },
    ]);
  });

  test('too many calls, a server error and a call to be renewed end well', async () => {
    const refusal = (code: string, message: string) => ({
      path: 'leads.json',
      status: 200,
      body: JSON.stringify({ success: false, errors: [{ code, message }] }),
      times: 1,
    });
    server.platforms.marketo.faults.set(
      refusal('606', "Max rate limit '100' exceeded with in '20' secs"),
      { path: 'leads.json', status: 502, times: 1 },
      refusal('601', 'Access token invalid'),
    );
    expect(await writeInJob([...people(2), { profile: { a: 1 } }])).toMatchObject({ records: people(2), errors: [{ profile: { a: 1 } }] });
    expect(server.platforms.marketo.state().tokens).toBe(2);
  });

  test('Retry-After is obeyed', async () => {
    server.platforms.marketo.faults.set({ path: 'leads.json', status: 429, retryAfter: 1, times: 1 });
    const begun = performance.now();
    expect((await writeInJob(people(1))).records).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  test.each(['before', 'after'] as const)('a connection cut %s the leads were written leaves each lead once', async (cut) => {
    server.platforms.marketo.faults.set({ path: 'leads.json', cut, times: 1 });
    expect((await writeInJob(people(5))).records).toHaveLength(5);
    expect(leads()).toBe(5);
    expect(calls()).toHaveLength(2);
  });

  test.each([
    ['a wrong secret', { clientSecret: 'wrong' }, /refuses the credentials.*Check the client id/],
    ['an unknown lookup field', { lookupField: 'nope' }, /1006: Lookup field 'nope' not found\. Check the names of fields/],
    ['a lookup field that finds nothing', { lookupField: 'city' }, /1011.*another field that can find leads/],
  ])('%s fails the job with what to do', async (_what, params: DataRecord, message) => {
    const failing = write(people(2), params);
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(message);
  });

  test.each([
    ['502', 'Bad Gateway'],
    ['604', 'Request time-out'],
    ['608', 'API Temporarily Unavailable'],
    ['611', 'System error'],
    ['713', 'Transient Error'],
  ])('a fault that passes (%s) is repeated', async (code, message) => {
    server.platforms.marketo.faults.set({
      path: 'leads.json',
      status: 200,
      body: JSON.stringify({ success: false, errors: [{ code, message }] }),
      times: 1,
    });
    expect((await writeInJob(people(2))).records).toHaveLength(2);
    expect(calls()).toHaveLength(2);
  });

  test.each([
    ['603', 'Access denied', /603: Access denied\. Give the role/],
    ['607', "Daily API Quota '50000' reached", /607.*midnight/],
    ['1009', 'Partition name must be specified', /1009.*Name the partition/],
  ])('refusal %s of a call fails the job with what to do, in one call', async (code, message, text) => {
    server.platforms.marketo.faults.set({
      path: 'leads.json',
      status: 200,
      body: JSON.stringify({ success: false, errors: [{ code, message }] }),
    });
    const failing = write(people(10));
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(text);
    expect(calls()).toHaveLength(1);
  });

  test.each([
    ['baseUrl', ''],
    ['clientSecret', null],
    ['maxConnections', '11'],
  ])('parameter %s is checked before anything is sent', async (name, value) => {
    await expect(write(people(1), { [name]: value })).rejects.toThrow(name);
    expect(server.platforms.marketo.requestCount()).toBe(0);
  });

  test('an answer of fewer results than leads fails the job', async () => {
    server.platforms.marketo.faults.set({
      path: 'leads.json',
      status: 200,
      body: '{"success":true,"result":[{"id":1,"status":"created"}]}',
    });
    await expect(write(people(2))).rejects.toThrow('Marketo answered 1 results to 2 leads; which were written is not known.');
  });

  test('an answer of something else fails the job', async () => {
    server.platforms.marketo.faults.set({ path: 'leads.json', status: 200, body: '<html>' });
    await expect(write(people(2))).rejects.toThrow(/an answer that is none of this platform\. Check the base address/);
  });

  test('no record, no call; nothing is left open; the test of the connection tells the fields', async () => {
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: [], signal }));
    expect(server.platforms.marketo.requestCount()).toBe(0);
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: people(2), signal }));
    await using open = openMarketo({ ...demoMarketo, baseUrl: server.platforms.marketo.url, connections: 1 }, fakeContext());
    expect(await open.test()).toMatch(/^Signed in at 127\.0\.0\.1:\d+; leads have 15 fields\.$/);
  });

  test('sends requests of the reviewed shapes', async () => {
    await write(people(2), { partitionName: 'Europe' });
    await expect(
      requestShapes(server.platforms.marketo.requests, (text) => text.replace(demoMarketo.clientSecret, '…')),
    ).toMatchFileSnapshot('./__requests__/marketo.json');
  });
});
