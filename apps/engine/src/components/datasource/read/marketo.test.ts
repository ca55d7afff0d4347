import { demoMarketo, type GigyaServer, marketoWith, type PlatformsServer, startGigya, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, FatalError, type JobInfo } from '#dataflow';
import { fakeJob, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runRealFlow } from '#testing/run-real-flow.ts';
import reader from './marketo.ts';

const NOW = fakeJob.startTime.getTime();
const HOUR_MS = 3_600_000;

let server: PlatformsServer<'marketo'>;
beforeAll(async () => {
  server = await startPlatforms([marketoWith({ pollsUntilDone: 1 })], { clock: () => NOW });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.marketo.reset());

const fields = 'id,email,guid,unsubscribed,address,leadScore,gender';
const settings = (): DataRecord => ({ ...demoMarketo, baseUrl: `${server.platforms.marketo.url}/rest`, fields });
const read = (params: DataRecord = {}, job: Partial<JobInfo> = {}) => runComponent(reader, { params: { ...settings(), ...params }, job });
const since = (ms: number): Partial<JobInfo> => ({ changedSince: new Date(NOW - ms), fullExtract: false });
const paths = () =>
  server.platforms.marketo.requests.map(
    ({ method, path }) => `${method} ${path.replace(/export\/[0-9a-f-]{36}/, 'export/ID').replace(/token\?.*/, 'token')}`,
  );

describe('reading leads', () => {
  test('pulls all leads from the day the subscription was set up, thirty days an export, each once and with its types', async () => {
    const { records } = await read();
    expect(records).toHaveLength(700);
    expect(new Set(records.map(({ id }) => id)).size).toBe(700);
    expect(records[0]).toEqual({
      id: 1000,
      email: 'lead.0@example.com',
      guid: 'lead-0000',
      unsubscribed: true,
      address: expect.stringMatching(/^"Villa" .*, 2nd floor\n/),
      leadScore: expect.any(Number),
      gender: null,
    });
    expect(records[1]).toMatchObject({ unsubscribed: false, address: null, gender: 'f' });
    expect(server.platforms.marketo.state().exports).toEqual(['Completed', 'Completed', 'Completed', 'Completed']);
    expect(paths().slice(0, 7)).toEqual([
      'GET /identity/oauth/token',
      'GET /rest/v1/leads/describe.json',
      'GET /rest/asset/v1/folders.json?maxDepth=1',
      'POST /bulk/v1/leads/export/create.json',
      'POST /bulk/v1/leads/export/ID/enqueue.json',
      'GET /bulk/v1/leads/export/ID/status.json',
      'GET /bulk/v1/leads/export/ID/file.json',
    ]);
  });

  test('reads only what changed since the last run, by updatedAt', async () => {
    const { records } = await read({ fields: 'id,updatedAt' }, since(12 * HOUR_MS));
    expect(records.length).toBeGreaterThan(5);
    expect(records.length).toBeLessThan(60);
    for (const { updatedAt } of records) expect(Date.parse(String(updatedAt))).toBeGreaterThanOrEqual(NOW - 12 * HOUR_MS - 61_000);
    const sent = server.platforms.marketo.requests.find(({ path }) => path.endsWith('create.json'))?.body ?? '';
    expect(JSON.parse(sent).filter).toEqual({ updatedAt: { startAt: '2024-02-29T00:33:56Z', endAt: '2024-02-29T12:34:57Z' } });
  });

  test('a change 40 days ago takes two exports', async () => {
    await read({ fields: 'id' }, since(40 * 24 * HOUR_MS));
    expect(server.platforms.marketo.state().exports).toHaveLength(2);
  });

  test('an export without leads gives none and is not downloaded', async () => {
    const { records } = await read({}, since(1000));
    expect(records).toEqual([]);
    expect(paths().filter((path) => path.endsWith('file.json'))).toEqual([]);
  });

  test('a download that breaks off goes on where it stopped', async () => {
    server.platforms.marketo.faults.set({ path: 'file.json', cut: 'after', times: 1 }, { path: 'file.json', status: 503, times: 1 });
    expect((await read({ createdSince: '2024-02-10' })).records.length).toBeGreaterThan(100);
    expect(paths().filter((path) => path.endsWith('file.json'))).toHaveLength(3);
  });

  test('an enqueuing whose answer was lost is not made twice', async () => {
    server.platforms.marketo.faults.set({ path: 'enqueue.json', cut: 'after', times: 1 });
    expect((await read({ createdSince: '2024-02-20' })).records.length).toBeGreaterThan(10);
    expect(paths().filter((path) => path.endsWith('enqueue.json'))).toHaveLength(1);
  });

  test('a file that is not the announced one fails the job', async () => {
    server.platforms.marketo.faults.set({ path: 'file.json', status: 200, body: `id\n${'7\n'.repeat(5000)}`, times: 1 });
    await expect(read({ createdSince: '2024-02-20', fields: 'id' })).rejects.toThrow(/is not the one announced: its SHA-256 is/);
  });

  test('a token that ended is fetched again', async () => {
    const ended = '{"requestId":"1","success":false,"errors":[{"code":"602","message":"Access token expired"}]}';
    server.platforms.marketo.faults.set({ path: 'describe.json', status: 200, body: ended, times: 1 });
    expect((await read({}, since(1000))).records).toEqual([]);
    expect(server.platforms.marketo.state().tokens).toBe(2);
  });

  test.each([
    ['606', "Max rate limit '100' exceeded with in '20' secs"],
    ['615', "Concurrent access limit '10' reached"],
  ])('a refusal for too many calls (%s) is repeated', async (code, message) => {
    server.platforms.marketo.faults.set({
      path: 'create.json',
      status: 200,
      body: JSON.stringify({ success: false, errors: [{ code, message }] }),
      times: 2,
    });
    expect((await read({}, since(1000))).records).toEqual([]);
    expect(paths().filter((path) => path.endsWith('create.json'))).toHaveLength(3);
  });

  test.each([
    ['607', "Daily API Quota '50000' reached", /607: Daily API Quota.*midnight/],
    ['603', 'Access denied', /603: Access denied\. Give the role/],
    ['1029', 'Export daily quota 500MB exceeded.', /1029: Export daily quota 500MB exceeded\. The queue or the daily volume/],
    ['1035', 'Unsupported filter type for target subscription', /1035.*let the job pull all records/],
  ])('refusal %s fails the job with what to do', async (code, message, text) => {
    server.platforms.marketo.faults.set({
      path: 'create.json',
      status: 200,
      body: JSON.stringify({ success: false, errors: [{ code, message }] }),
    });
    const failing = read({}, since(1000));
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(text);
  });

  test('without access to assets it says to name the oldest day', async () => {
    server.platforms.marketo.faults.set({
      path: 'folders.json',
      status: 200,
      body: '{"success":false,"errors":[{"code":"603","message":"Access denied"}]}',
    });
    await expect(read()).rejects.toThrow(/Set createdSince to the day of the oldest lead/);
  });

  test.each([
    [
      'a wrong secret',
      { clientSecret: 'wrong' },
      /oauth\/token refuses the credentials: HTTP 401, invalid_client: Bad client credentials\. Check the client id/,
    ],
    ['an unknown field', { fields: 'id, nope,Nothing' }, 'Marketo has no lead field nope, Nothing. Use the REST names'],
    ['no field', { fields: ' , ' }, 'fields'],
    ['an address that is none', { baseUrl: 'mktorest' }, /params.baseUrl: .*not a web address/],
    ['an address of something else', { baseUrl: 'OTHER' }, /404/],
    ['a day that is none', { createdSince: '29.2.2024' }, 'createdSince'],
  ])('%s is told as such', async (_what, params: DataRecord, message) => {
    const failing = read({ ...params, ...(params.baseUrl === 'OTHER' ? { baseUrl: `${server.url}/other` } : {}) });
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow(/SandboxMarketo|=wrong/);
  });

  test('leaving early and stopping let go of everything', async () => {
    await leakCheck((signal) => runComponent(reader, { params: { ...settings(), createdSince: '2024-02-01' }, signal, stopAfter: 1 }));
    const controller = new AbortController();
    server.platforms.marketo.faults.set({ path: 'status.json', delayMs: 60_000 });
    const stopped = runComponent(reader, { params: settings(), job: since(1000), signal: controller.signal });
    while (!paths().some((path) => path.endsWith('status.json'))) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'CancelledError' });
  });

  test('sends requests of the reviewed shapes', async () => {
    await read({ createdSince: '2024-02-10', fields: 'guid,unsubscribed' });
    const hide = (text: string) => text.replace(/export\/[0-9a-f-]{36}/, 'export/ID').replace(demoMarketo.clientSecret, '…');
    await expect(requestShapes(server.platforms.marketo.requests, hide)).toMatchFileSnapshot('./__requests__/marketo.json');
  });
});

describe('the real dataflow Marketo inbound', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 10 });
  });
  afterAll(() => gigya.stop());

  test('reads all leads and hands each to the accounts, which know none of them', async () => {
    const params = { ...demoMarketo, baseUrl: `${server.platforms.marketo.url}/rest` };
    const { snapshot } = await runRealFlow('dataflow-tool--marketo--inbound.json', { params: { marketo: params }, site: gigya.site });
    expect(snapshot.status).toBe('succeeded');
    expect(snapshot.steps).toMatchObject([
      { type: 'datasource.read.marketo', output: 700, balanced: true },
      { type: 'field.rename', input: 700, output: 700, failed: 0, balanced: true },
      { type: 'datasource.write.gigya.account', input: 700, balanced: true },
    ]);
    expect(gigya.calls['accounts.setAccountInfo']).toBeGreaterThanOrEqual(700);
  });
});
