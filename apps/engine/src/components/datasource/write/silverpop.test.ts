import { demoSilverpop, type PlatformsServer, silverpopWith, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, FatalError, RetryableError } from '#dataflow';
import { fakeContext, hostile, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runWriter } from '#testing/run-writer.ts';
import writer from './silverpop.ts';

let server: PlatformsServer<'silverpop'>;
beforeAll(async () => {
  server = await startPlatforms([silverpopWith({})]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.silverpop.reset());

const platform = () => server.platforms.silverpop;
const settings = (): DataRecord => ({ ...demoSilverpop, apiUrl: platform().url, newsletterField: 'data.news', maxConnections: 1 });
const write = (records: DataRecord[], more: DataRecord = {}) =>
  leakCheck((signal) => runComponent(writer, { params: { ...settings(), ...more }, records, signal }));
const writeInJob = (records: DataRecord[], more: DataRecord = {}) => runWriter(writer, { params: { ...settings(), ...more }, records });
const people = (count: number): DataRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    EMAIL: `new${n}@example.com`,
    'First Name': `Zoë <"${n}"> & Co`,
    data: { news: n % 2 === 0 },
  }));
const changed = () => platform().state().changed as DataRecord[];
/** Calls that write, without those for tokens and the list. */
const calls = () => platform().requests.filter(({ body }) => body.includes('<AddRecipient>'));
const faultBody = (text: string, code = 0) =>
  `<Envelope><Body><RESULT><SUCCESS>false</SUCCESS></RESULT><Fault><FaultString><![CDATA[${text}]]></FaultString><detail><error><errorid>${code}</errorid></error></detail></Fault></Body></Envelope>`;
const told = (run: { errors: DataRecord[] }) =>
  run.errors.map(({ _errorDetails }) => _errorDetails as DataRecord).map(({ errorCode, errorMessage }) => [errorCode, errorMessage]);

describe('writing contacts to Silverpop', () => {
  test('adds, updates, opts in and out, fifty in a call, and passes records on as they came', async () => {
    const run = await write(people(120));
    expect(run.records).toEqual(people(120));
    expect(calls().map(({ body }) => body.match(/<AddRecipient>/g)?.length)).toEqual([50, 50, 20]);
    expect(changed()).toHaveLength(120);
    expect(changed()[1]).toEqual({ EMAIL: 'new1@example.com', 'First Name': 'Zoë <"1"> & Co', optedOut: true });
    await write([{ email: 'new1@example.com', City: 'Bern\r\nMitte', data: { news: 'yes' } }]);
    expect(changed()[1]).toEqual({ EMAIL: 'new1@example.com', 'First Name': 'Zoë <"1"> & Co', City: 'Bern\r\nMitte', optedOut: false });
  });

  test('a flag that says nothing leaves the status, booleans are Yes and No, null clears', async () => {
    await write([{ EMAIL: 'a@b.example', Subscribed: true, City: 'Bern', data: { news: false } }]);
    await write([{ EMAIL: 'a@b.example', Subscribed: false, City: null, data: { news: '' } }]);
    expect(changed()).toEqual([{ EMAIL: 'a@b.example', Subscribed: 'No', City: '', optedOut: true }]);
  });

  test('each refused contact goes to the error path with text and number of the platform, the others on', async () => {
    const run = await write([
      { EMAIL: 'ok@example.com' },
      { EMAIL: 'not an address' },
      { EMAIL: 'x@example.com', Nope: 1 },
      { EMAIL: 'y@example.com', 'Birth Date': '1990-01-01', data: { news: false } },
      { EMAIL: 'last@example.com', data: { news: false } },
    ]);
    expect(run.records.map(({ EMAIL }) => EMAIL)).toEqual(['ok@example.com', 'last@example.com']);
    expect(told(run)).toEqual([
      [121, 'Silverpop refused the contact: Email address is not valid (error 121)'],
      [106, 'Silverpop refused the contact: Column Nope does not exist (error 106)'],
      [107, 'Silverpop refused the contact: Invalid value for column Birth Date (error 107)'],
    ]);
    expect(changed().map(({ EMAIL }) => EMAIL)).toEqual(['ok@example.com', 'last@example.com']);
    expect(calls()).toHaveLength(1);
  });

  test('records that cannot be sent go to the error path before a call', async () => {
    const run = await write([
      { City: 'no key' },
      { EMAIL: 'a@b.example', address: { city: 'Bern' } },
      { EMAIL: 'a@b.example', City: 'a\u0000b' },
      { EMAIL: 'a@b.example', City: '\ud83d' },
      { EMAIL: 'a@b.example', 'x\u0001': 'y' },
      { EMAIL: 'a@b.example', data: { news: 'perhaps' } },
    ]);
    expect(told(run).map(([, text]) => text)).toEqual([
      'The record has no EMAIL, which finds the contact in the list.',
      expect.stringContaining('Field address holds an object'),
      expect.stringContaining('The field City holds a character that XML cannot carry'),
      expect.stringContaining('The field City holds a character that XML cannot carry'),
      expect.stringContaining('The name of a field holds a character that XML cannot carry'),
      expect.stringContaining('data.news holds neither true nor false'),
    ]);
    expect(calls()).toEqual([]);
  });

  test('a database with another key finds contacts by it, a flexible one by syncFields', async () => {
    const member = { GigyaUid: 'u1', EMAIL: 'a@b.example', City: 'Bern', data: { news: false } };
    await write([member, { GigyaUid: 'u1', EMAIL: 'new@b.example' }], { listId: '60001' });
    expect(changed()).toMatchObject([{ GigyaUid: 'u1', EMAIL: 'new@b.example', City: 'Bern', optedOut: true }]);
    await write(
      [
        { EMAIL: 'f@b.example', City: 'Basel' },
        { EMAIL: 'f@b.example', City: 'Genf' },
      ],
      { listId: '60002', syncFields: ' EMAIL, ' },
    );
    expect(changed()[1]).toMatchObject({ EMAIL: 'f@b.example', City: 'Genf' });
    expect(changed()).toHaveLength(2);
    const run = await write([{ GigyaUid: 'u2', data: { news: false } }], { listId: '60001' });
    expect(told(run)).toEqual([[400009, 'The record has no EMAIL, which finds the contact in the list.']]);
  });

  test('an envelope that is refused as a whole is halved', async () => {
    platform().faults.set({ path: 'XMLAPI', after: 1, times: 1, status: 200, body: faultBody('Invalid XML Request', 51) });
    expect((await write(people(16))).records).toEqual(people(16));
    expect(calls().map(({ body }) => body.match(/<AddRecipient>/g)?.length)).toEqual([16, 8, 8]);
  });

  test('a contact that spoils its whole envelope is found in at most 2·log2(n)+1 calls', async () => {
    platform().faults.set({ path: 'XMLAPI', after: 1, times: 5, status: 200, body: faultBody('Invalid XML Request', 51) });
    const run = await write(people(16).map(({ data, ...rest }) => rest));
    expect(run.records).toHaveLength(15);
    expect(told(run)).toEqual([[51, 'Silverpop refused the contact: Invalid XML Request (error 51)']]);
    expect(calls().length).toBeLessThanOrEqual(2 * Math.log2(16) + 1);
  });

  test('too many calls, a server error and a token that ended end well', async () => {
    platform().faults.set(
      { path: 'XMLAPI', after: 1, status: 200, body: faultBody('You have reached the max number of concurrent requests'), times: 1 },
      { path: 'XMLAPI', after: 1, status: 502, times: 1 },
      { path: 'XMLAPI', after: 1, status: 200, body: faultBody('Your access token has expired', 145), times: 1 },
    );
    const run = await writeInJob([...people(2), { City: 'no key' }]);
    expect(run).toMatchObject({ records: people(2), errors: [{ City: 'no key' }] });
    expect(platform().state().tokens).toBe(2);
  });

  test('Retry-After is obeyed', async () => {
    platform().faults.set({ path: 'XMLAPI', status: 429, retryAfter: 1, times: 1 });
    const begun = performance.now();
    expect((await writeInJob(people(1))).records).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  test.each(['before', 'after'] as const)('a connection cut %s the contacts were written leaves each once', async (cut) => {
    platform().faults.set({ path: 'XMLAPI', after: 1, cut, times: 1 });
    expect((await writeInJob(people(5))).records).toHaveLength(5);
    expect(changed()).toHaveLength(5);
    expect(calls()).toHaveLength(2);
  });

  test.each([
    ['a wrong client', { clientId: 'x' }, /invalid_client: Unable to find matching client for x\. Check the client id/],
    ['a wrong secret', { clientSecret: 'not-the-secret' }, /invalid_client/],
    ['a wrong refresh token', { refreshToken: 'not-the-token' }, /invalid_grant: The refresh token is not valid/],
    ['an unknown list', { listId: '7' }, /Database ID is not valid.*\(error 140\)\. Check list id/],
    ['an address of something else', { apiUrl: 'OTHER' }, /404/],
  ])('%s fails the job with what to do', async (_what, more: DataRecord, message) => {
    const failing = write(people(2), { ...more, ...(more.apiUrl === 'OTHER' ? { apiUrl: `${server.url}/other` } : {}) });
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow(/not-the-|SandboxSilverpop/);
    expect(changed()).toEqual([]);
  });

  test.each([
    ['<html>', 'is no envelope of the XML API. Check podNumber and apiUrl'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><Envelope><Body><RESULT><SUCCESS>&b;</SUCCESS></RESULT></Body></Envelope>', 'is no envelope'],
  ])('an answer of something else fails the job', async (body, message) => {
    platform().faults.set({ path: 'XMLAPI', status: 200, body });
    await expect(write(people(2))).rejects.toThrow(message);
  });

  test('fewer answers than actions fail the job', async () => {
    const body = '<Envelope><Body><RESULT><SUCCESS>true</SUCCESS></RESULT></Body></Envelope>';
    platform().faults.set({ path: 'XMLAPI', after: 1, status: 200, body });
    await expect(write(people(2))).rejects.toThrow('gave 1 answers to 3 actions; which of them were done is not known');
  });

  test('an unreachable address is told as such', async () => {
    platform().faults.set({ path: 'XMLAPI', cut: 'before' });
    await expect(write(people(1))).rejects.toBeInstanceOf(RetryableError);
  });

  test.each([
    ['listId', 'Newsletter'],
    ['apiUrl', 'engage5'],
    ['host', 'two words'],
    ['podNumber', 'ten'],
    ['podNumber', '10'],
    ['refreshToken', ''],
    ['batchSize', '101'],
    ['syncFields', ' , '],
  ])('parameter %s is checked before anything is sent', async (name, value) => {
    await expect(write(people(1), { [name]: value })).rejects.toThrow(name);
    expect(platform().requestCount()).toBe(0);
  });

  test('survives hostile records', async () => {
    const records = hostile.hostileRecords().map((record, n) => ({ ...record, EMAIL: `h${n}@example.com` }));
    const run = await write(records);
    expect(run.records.length + run.errors.length).toBe(records.length);
  });

  test('tests the connection without a change', async () => {
    await using connection = await writer.connect?.(writer.params.parse(settings()), fakeContext());
    expect(await connection?.test()).toMatch(/^List 59294 at 127\.0\.0\.1:\d+ is Newsletter, with 400 contacts\.$/);
    expect(changed()).toEqual([]);
  });

  test('sends requests of the reviewed shapes', async () => {
    await write([...people(2), { EMAIL: 'c@d.example', City: null }]);
    const { clientId, clientSecret, refreshToken } = demoSilverpop;
    const hide = (text: string) => [clientId, clientSecret, refreshToken].reduce((shown, secret) => shown.replace(secret, '…'), text);
    await expect(requestShapes(platform().requests, (text) => hide(text).replaceAll('><', '>\n<'))).toMatchFileSnapshot(
      './__requests__/silverpop.json',
    );
  });
});
