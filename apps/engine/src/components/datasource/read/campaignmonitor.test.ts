import { campaignMonitor, demoCampaignMonitor, type GigyaServer, type PlatformsServer, startGigya, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCampaignMonitor } from '#connectors/campaign-monitor/campaign-monitor.ts';
import { subscriberRecord } from '#connectors/campaign-monitor/subscriber-record.ts';
import { type DataRecord, FatalError, type JobInfo } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runRealFlow } from '#testing/run-real-flow.ts';
import reader from './campaignmonitor.ts';

let server: PlatformsServer<'campaign-monitor'>;
beforeAll(async () => {
  server = await startPlatforms([campaignMonitor]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['campaign-monitor'].reset());

const settings = (): DataRecord => ({ ...demoCampaignMonitor, apiUrl: `${server.platforms['campaign-monitor'].url}/api/v3.3/` });
const read = (params: DataRecord = {}, job: Partial<JobInfo> = {}) => runComponent(reader, { params: { ...settings(), ...params }, job });
const requests = () => server.platforms['campaign-monitor'].requests;
const authorization = `Basic ${Buffer.from(`${demoCampaignMonitor.apiKey}:x`).toString('base64')}`;

/** Brings the list to more than two pages. */
async function addPeople(count: number) {
  for (let first = 0; first < count; first += 1000) {
    const Subscribers = Array.from({ length: Math.min(1000, count - first) }, (_, n) => ({
      EmailAddress: `more${first + n}@example.com`,
      Name: 'More',
      ConsentToTrack: 'No',
    }));
    const url = `${settings().apiUrl}subscribers/${demoCampaignMonitor.listId}/import.json`;
    await fetch(url, { method: 'POST', headers: { authorization }, body: JSON.stringify({ Subscribers, Resubscribe: false }) });
  }
}

describe('reading subscribers of a list', () => {
  test('hands on active subscribers with their custom fields by name', async () => {
    const run = await read();
    expect(run.records).toHaveLength(192);
    expect(run.total).toBe(192);
    expect(run.records.find(({ GigyaUID }) => GigyaUID === 'gigya-6')).toMatchObject({
      EmailAddress: expect.stringContaining('@'),
      Name: expect.any(String),
      State: 'Active',
      FavouriteTopics: ['Sport', 'Travel'],
    });
    expect(run.records.every((record) => !('CustomFields' in record))).toBe(true);
  });

  test('a status of its own, in any case, and the field that receives it', async () => {
    const { records } = await read({ status: 'Unsubscribed', targetField: 'data.subscribed' });
    expect(records).toHaveLength(12);
    expect(records.every(({ State, data }) => State === 'Unsubscribed' && (data as DataRecord).subscribed === 'unsubscribed')).toBe(true);
  });

  test('reads all pages, each subscriber once', async () => {
    await addPeople(2300);
    const { records } = await read();
    expect(records).toHaveLength(2492);
    expect(new Set(records.map(({ EmailAddress }) => EmailAddress)).size).toBe(2492);
    expect(
      requests()
        .filter(({ path }) => path.includes('active.json'))
        .map(({ path }) => /[?&]page=(\d+)/.exec(path)?.[1])
        .toSorted(),
    ).toEqual(['1', '2', '3']);
  });

  test('the delta asks for the day of the last run, twelve hours to spare; pulling all does not', async () => {
    const changedSince = new Date('2024-01-31T06:00:00Z');
    const { records } = await read({}, { changedSince, fullExtract: false });
    expect(requests()[0]?.path).toContain('date=2024-01-30&');
    expect(records.length).toBeGreaterThan(1);
    expect(records.length).toBeLessThan(60);
    expect((await read({}, { changedSince, fullExtract: true })).records).toHaveLength(192);
    expect((await read({}, { changedSince: new Date('2100-01-01T00:00:00Z'), fullExtract: false })).records).toEqual([]);
  });

  test('custom fields called like the subscriber’s own stay apart, whatever their name', () => {
    const CustomFields = [
      { Key: '[State]', Value: 'Ohio' },
      { Key: '__proto__', Value: 'x' },
      { Key: 'constructor', Value: 'y' },
    ];
    const record = subscriberRecord({ EmailAddress: 'a@example.com', State: 'Active', CustomFields });
    expect(record.State).toBe('Active');
    expect(record.CustomFields).toEqual({ State: 'Ohio' });
    expect(Object.keys(record)).toEqual(['EmailAddress', 'State', 'CustomFields', '__proto__', 'constructor']);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
  });

  test('a page that is throttled waits for the end of the period, one that fails is read again', async () => {
    server.platforms['campaign-monitor'].faults.set(
      { status: 429, retryAfter: 0, body: '{"Code":429,"Message":"Too Many Requests"}', times: 1 },
      { cut: 'before', times: 1 },
    );
    const run = await read();
    expect(run.records).toHaveLength(192);
    expect(run.log.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  test.each([
    ['a wrong key', { apiKey: 'wrong' }, /refuses the credentials: HTTP 401, Invalid API Key \(code 100\)\. Check the API key/, 403005],
    ['an unknown list', { listId: 'none' }, /refused the call: HTTP 401, Invalid ListID \(code 101\)\. Check the list id/, 101],
  ])('%s fails the job and says what to do', async (_, params, text, code) => {
    const thrown = await read(params).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ code });
    expect(String(thrown)).toMatch(text);
    expect(String(thrown)).not.toContain(demoCampaignMonitor.apiKey);
  });

  test('an address that is none of Campaign Monitor is told', async () => {
    server.platforms['campaign-monitor'].faults.set({ status: 200, body: '[]' });
    await expect(read()).rejects.toThrow(/answered without subscribers/);
    await expect(read({ apiUrl: 'createsend.com' })).rejects.toThrow(/not a web address/);
  });

  test.each([
    [{ status: 'gone' }, /status/],
    [{ apiKey: '' }, /apiKey/],
    [{ listId: null }, /listId/],
    [{ timeout: 0 }, /timeout/],
  ])('%j is refused before anything is sent', async (params, field) => {
    await expect(read(params)).rejects.toThrow(field);
    expect(requests()).toHaveLength(0);
  });

  test('an early end leaves nothing open', async () => {
    await addPeople(1500);
    await leakCheck((signal) => runComponent(reader, { params: settings(), signal, stopAfter: 1 }));
  });

  test('the test of the connection names the list', async () => {
    await using list = openCampaignMonitor(
      { ...demoCampaignMonitor, apiUrl: String(settings().apiUrl), connections: 1, timeoutMs: 5000 },
      fakeContext(),
    );
    expect(await list.test()).toBe('The list "Website subscribers" is there.');
  });

  test('sends requests of the reviewed shapes', async () => {
    await read({ status: 'bounced' }, { changedSince: new Date('2020-01-01T00:00:00Z'), fullExtract: false });
    await expect(requestShapes(requests())).toMatchFileSnapshot('./__requests__/campaignmonitor.json');
  });
});

describe('the real dataflow Campaign Monitor inbound', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 10 });
  });
  afterAll(() => gigya.stop());

  test('runs as it is stored, but for key and list; accounts the site does not know are refused one by one', async () => {
    const { snapshot } = await runRealFlow('dataflow-tool--campaingMonitor--inbound.json', {
      params: { campaignmonitor: settings() },
      site: gigya.site,
    });
    expect(snapshot.status).toBe('succeeded');
    expect(snapshot.steps.map(({ step, input, output, failed }) => [step, input, output, failed])).toEqual([
      ['campaignmonitor', 0, 12, 0],
      ['rename', 12, 12, 0],
      ['evaluate', 12, 12, 0],
      ['account', 12, 0, 12],
    ]);
  });
});
