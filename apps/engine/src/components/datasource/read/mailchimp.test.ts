import { demoMailchimp, mailchimp, mailchimpStandIn, type PlatformsServer, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openMailchimp } from '#connectors/mailchimp/mailchimp.ts';
import { type DataRecord, errorCodes, FatalError, type JobInfo } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import reader from './mailchimp.ts';

let server: PlatformsServer<'mailchimp'>;
beforeAll(async () => {
  server = await startPlatforms([mailchimp]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.mailchimp.reset());

const settings = (): DataRecord => ({ ...demoMailchimp, apiUrl: `${server.platforms.mailchimp.url}/3.0/` });
const read = (params: DataRecord = {}, job: Partial<JobInfo> = {}) =>
  runComponent(reader, { params: { ...settings(), retryIntervalSeconds: 0, ...params }, job });
const paths = () => server.platforms.mailchimp.requests.map(({ path }) => path);

describe('reading members of a list', () => {
  test('hands on members as Mailchimp shows them, all pages, each once', async () => {
    const run = await read({ batchSize: 60, maxConnections: 3 });
    expect(run.records).toHaveLength(250);
    expect(run.total).toBe(250);
    expect(new Set(run.records.map(({ id }) => id)).size).toBe(250);
    expect(run.records[0]).toMatchObject({
      email_address: expect.stringContaining('@'),
      status: expect.any(String),
      merge_fields: { FNAME: expect.any(String), LNAME: expect.any(String) },
      interests: expect.any(Object),
    });
    expect(run.records[0]).not.toHaveProperty('_links');
    expect(paths()).toHaveLength(5);
    const times = run.records.map(({ timestamp_opt }) => String(timestamp_opt));
    expect(times).toEqual(times.toSorted());
  });

  test('reads only one status when told, and nothing when nobody has it', async () => {
    const { records } = await read({ status: 'Unsubscribed' });
    expect(new Set(records.map(({ status }) => status))).toEqual(new Set(['unsubscribed']));
    expect((await read({ status: 'pending' })).records).toEqual([]);
  });

  test('reads what changed since the last run, less half a minute, unless the job pulls all', async () => {
    const changedSince = new Date('2024-01-31T00:00:00Z');
    const { records } = await read({}, { changedSince, fullExtract: false });
    expect(records.length).toBeGreaterThan(3);
    expect(records.length).toBeLessThan(100);
    expect(records.every(({ last_changed }) => Date.parse(String(last_changed)) > changedSince.getTime() - 30_000)).toBe(true);
    expect(paths()[0]).toContain(`since_last_changed=${encodeURIComponent('2024-01-30T23:59:30.000Z')}`);
    expect((await read({}, { changedSince, fullExtract: true })).records).toHaveLength(250);
    expect((await read({}, { changedSince: undefined, fullExtract: false })).records).toHaveLength(250);
  });

  test('takes the data centre from the key, and says so when the key has none', async () => {
    const open = (apiKey: string) =>
      openMailchimp({ apiUrl: 'https://<dc>.api.mailchimp.com/3.0/', apiKey, listId: 'l', connections: 1, timeoutMs: 1 }, fakeContext());
    await using _ = open('abc-us19');
    expect(() => open('abc')).toThrow(/does not end with a data centre/);
    await expect(read({ apiUrl: 'us6.api.mailchimp.com' })).rejects.toThrow(/params.apiUrl: .*not a web address/);
  });

  test('a page that is throttled or fails for the moment is read again', async () => {
    server.platforms.mailchimp.faults.set(
      { path: 'offset=100', status: 429, retryAfter: 0, times: 2 },
      { path: 'offset=200', status: 503, times: 1 },
      { path: 'offset=0', cut: 'after', times: 1 },
    );
    const run = await read({ batchSize: 100, maxConnections: 1 });
    expect(run.records).toHaveLength(250);
    expect(run.log.filter(({ level }) => level === 'warn')).toHaveLength(4);
  });

  test('waits as long as Retry-After says', async () => {
    server.platforms.mailchimp.faults.set({ status: 429, retryAfter: 1, times: 1 });
    const began = performance.now();
    const run = await read();
    expect(run.records).toHaveLength(250);
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(run.log[0]?.message).toMatch(/Trying again in 1000 ms/);
  });

  test('more calls than the account may make at a time wait their turn', async () => {
    const narrow = await startPlatforms([mailchimpStandIn({ connections: 2, latencyMs: 20 })]);
    const run = await read({ apiUrl: `${narrow.platforms.mailchimp.url}/3.0/`, batchSize: 25, maxConnections: 5 });
    expect(run.records).toHaveLength(250);
    expect(run.log.some(({ message }) => message.includes('exceeded the limit of 2 simultaneous connections'))).toBe(true);
    await narrow.stop();
  });

  test.each([
    ['a wrong key', { apiKey: 'wrong-us6' }, /API Key Invalid: .* Check the API key/],
    ['an unknown list', { listId: 'none' }, /Resource Not Found: .* Check the list id/],
  ])('%s fails the job and says what to do, without the key', async (_, params, text) => {
    const thrown = await read(params).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(text);
    expect(String(thrown)).not.toContain(demoMailchimp.apiKey);
  });

  test('an address without the version is told', async () => {
    await expect(read({ apiUrl: `${server.platforms.mailchimp.url}/` })).rejects.toThrow(/Resource Not Found: .*ends with \/3\.0\//);
  });

  test('a server that is none of Mailchimp is told', async () => {
    server.platforms.mailchimp.faults.set({ status: 200, body: '{"hello": 1}' });
    await expect(read()).rejects.toThrow(/answered without members/);
  });

  test.each([
    [{ batchSize: 1001 }, /batchSize/],
    [{ maxConnections: 11 }, /maxConnections/],
    [{ status: 'gone' }, /status/],
    [{ apiKey: '' }, /apiKey/],
    [{ timeout: 'soon' }, /timeout/],
  ])('%j is refused before anything is sent', async (params, field) => {
    await expect(read(params)).rejects.toThrow(field);
    expect(paths()).toEqual([]);
  });

  test('an early end and a stop leave nothing open', async () => {
    const options = { params: { ...settings(), batchSize: 20 } };
    await leakCheck((signal) => runComponent(reader, { ...options, signal, stopAfter: 1 }));
    server.platforms.mailchimp.faults.set({ delayMs: 60_000 });
    const controller = new AbortController();
    const stopped = runComponent(reader, { ...options, signal: controller.signal });
    while (paths().length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: errorCodes.cancelled });
  });

  test('the test of the connection names the list', async () => {
    await using list = openMailchimp(
      { ...demoMailchimp, apiUrl: String(settings().apiUrl), connections: 1, timeoutMs: 5000 },
      fakeContext(),
    );
    expect(await list.test()).toMatch(/^The list "Platform updates" with \d+ subscribed members is there\.$/);
  });

  test('sends requests of the reviewed shapes', async () => {
    await read(
      { batchSize: 200, maxConnections: 1, status: 'subscribed' },
      { changedSince: new Date('2020-01-01T00:00:00Z'), fullExtract: false },
    );
    await expect(requestShapes(server.platforms.mailchimp.requests)).toMatchFileSnapshot('./__requests__/mailchimp.json');
  });
});
