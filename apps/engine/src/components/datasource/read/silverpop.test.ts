import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  demoSilverpop,
  type GigyaServer,
  type PlatformsServer,
  type SftpServer,
  silverpopWith,
  startGigya,
  startPlatforms,
  startSftp,
} from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, FatalError, type JobInfo } from '#dataflow';
import { fakeContext, fakeJob, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runRealFlow } from '#testing/run-real-flow.ts';
import reader from './silverpop.ts';

const NOW = fakeJob.startTime.getTime();
const folder = mkdtempSync(path.join(tmpdir(), 'idsync-read-silverpop-'));

let server: PlatformsServer<'silverpop'>;
let sftp: SftpServer;
beforeAll(async () => {
  sftp = await startSftp({ folder: path.join(folder, 'files'), users: [{ username: 'etl', password: 'right' }] });
  server = await startPlatforms([silverpopWith({ folder: sftp.folder, pollsUntilDone: 2 })], { clock: () => NOW });
});
afterAll(async () => {
  await Promise.all([server.stop(), sftp.stop()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.platforms.silverpop.reset();
  sftp.faults.clear();
  mkdirSync(path.join(sftp.folder, 'download'), { recursive: true });
});

const settings = (): DataRecord => ({
  ...demoSilverpop,
  apiUrl: server.platforms.silverpop.url,
  host: '127.0.0.1',
  port: sftp.port,
  username: 'etl',
  password: 'right',
});
const read = (more: DataRecord = {}, job: Partial<JobInfo> = {}) =>
  leakCheck((signal) => runComponent(reader, { params: { ...settings(), ...more }, job, signal }));
const since = (iso: string): Partial<JobInfo> => ({ changedSince: new Date(iso), fullExtract: false });
const bodies = () => server.platforms.silverpop.requests.map(({ body }) => body);
const asked = (action: string) => bodies().filter((body) => body.includes(`<${action}>`));
const answer = (result: string) => `<Envelope><Body><RESULT><SUCCESS>TRUE</SUCCESS>${result}</RESULT></Body></Envelope>`;

describe('reading contacts from Silverpop', () => {
  test('exports all columns of all contacts, waits for the job and reads its file', async () => {
    const { records } = await read();
    expect(records).toHaveLength(400);
    expect(records[0]).toEqual({
      EMAIL: expect.stringContaining('@'),
      GigyaUid: 'uid-0',
      'First Name': expect.any(String),
      'Last Name': expect.any(String),
      City: null,
      Subscribed: 'No',
      'Birth Date': null,
    });
    expect(records[3]?.['First Name']).toMatch(/ "Q", 3$/);
    expect(records[7]?.City).toBe('Köln\nSüd');
    expect(asked('GetJobStatus')).toHaveLength(2);
  });

  test('reads only the columns that are named, in their order', async () => {
    const { records } = await read({ columns: ' Subscribed, GigyaUid ,' });
    expect(records[1]).toEqual({ Subscribed: 'Yes', GigyaUid: 'uid-1' });
    expect(Object.keys(records[1] ?? {})).toEqual(['Subscribed', 'GigyaUid']);
  });

  test('reads what changed since the last run, with hours to spare for any time zone', async () => {
    const all = await read({ columns: 'EMAIL' });
    const some = await read({ columns: 'EMAIL' }, since('2023-12-20T01:02:03.004Z'));
    expect(some.records.length).toBeGreaterThan(0);
    expect(some.records.length).toBeLessThan(all.records.length);
    expect(asked('ExportList').at(-1)).toContain('<DATE_START>12/19/2023 11:02:03</DATE_START><DATE_END>03/01/2024 02:34:56</DATE_END>');
  });

  test('an export without contacts gives none', async () => {
    expect((await read({ listId: '60001' })).records).toEqual([]);
    expect((await read({}, since('2024-02-29T12:00:00Z'))).records).toEqual([]);
  });

  test('a file is looked for in the download folder when only its name is told', async () => {
    writeFileSync(path.join(sftp.folder, 'download', 'plain.CSV'), 'EMAIL\na@b.example\n');
    server.platforms.silverpop.faults.set(
      { path: 'XMLAPI', after: 1, times: 1, status: 200, body: answer('<JOB_ID>7</JOB_ID><FILE_PATH>plain.CSV</FILE_PATH>') },
      { path: 'XMLAPI', after: 1, times: 1, status: 200, body: answer('<JOB_ID>7</JOB_ID><JOB_STATUS>COMPLETE</JOB_STATUS>') },
    );
    expect((await read()).records).toEqual([{ EMAIL: 'a@b.example' }]);
  });

  test.each(['ERROR', 'CANCELED'])('an export that ends as %s fails the job with what to do', async (status) => {
    const body = answer(`<JOB_ID>499600</JOB_ID><JOB_STATUS>${status}</JOB_STATUS><JOB_DESCRIPTION>Exporting</JOB_DESCRIPTION>`);
    server.platforms.silverpop.faults.set({ path: 'XMLAPI', after: 2, status: 200, body });
    const failing = read();
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(`Silverpop export 499600 ended as ${status} (Exporting). Look at it in Resources, Data Jobs`);
  });

  test('a file that is missing, or broken, fails the job', async () => {
    const job = (file: string) =>
      server.platforms.silverpop.faults.set(
        { path: 'XMLAPI', after: 1, times: 1, status: 200, body: answer(`<JOB_ID>7</JOB_ID><FILE_PATH>${file}</FILE_PATH>`) },
        { path: 'XMLAPI', after: 1, times: 1, status: 200, body: answer('<JOB_STATUS>COMPLETE</JOB_STATUS>') },
      );
    job('/download/nowhere.CSV');
    await expect(read()).rejects.toThrow(/nowhere\.CSV/);
    writeFileSync(path.join(sftp.folder, 'download', 'broken.CSV'), 'EMAIL,City\na@b.example,"Bern\n');
    job('broken.CSV');
    await expect(read()).rejects.toThrow(/Line 2 of the export cannot be read/);
  });

  test('passing faults of the API are repeated, a lost answer included', async () => {
    server.platforms.silverpop.faults.set(
      { path: 'XMLAPI', after: 1, cut: 'after', times: 1 },
      { path: 'XMLAPI', after: 2, status: 503, times: 1 },
      { path: 'XMLAPI', after: 3, status: 429, retryAfter: 1, times: 1 },
    );
    const begun = performance.now();
    expect((await read()).records).toHaveLength(400);
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  test.each([
    ['a wrong secret', { clientSecret: 'not-the-secret' }, /invalid_client.*Check the client id/],
    ['a wrong list', { listId: '7' }, /Database ID is not valid.*Check list id/],
    ['an unknown column', { columns: 'EMAIL,email,Nope' }, 'The list Newsletter has no column email, Nope. It has LIST_ID, '],
    ['a wrong SFTP password', { password: 'not-the-password' }, /etl/],
    ['another host key', { hostKeySha256: 'SHA256:lhF3jbg1H0eKxAyFdtbvDP6Mw3tCBqLlTGwTCmi7YiM' }, /host key/],
  ])('%s fails the job as such', async (_what, more: DataRecord, message) => {
    const failing = read(more);
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow(/not-the-|SandboxSilverpop/);
    expect(asked('ExportList')).toEqual([]);
  });

  test.each([
    ['host', ''],
    ['host', 'sftp://server'],
    ['apiUrl', 'ftp://server'],
    ['password', null],
    ['port', '70000'],
    ['listId', 'x'],
  ])('parameter %s is checked before anything is sent', async (name, value) => {
    await expect(read({ [name]: value })).rejects.toThrow(name);
    expect(server.platforms.silverpop.requestCount()).toBe(0);
  });

  test('leaving early and stopping let go of everything', async () => {
    await leakCheck((signal) => runComponent(reader, { params: settings(), signal, stopAfter: 1 }));
    const controller = new AbortController();
    server.platforms.silverpop.reset();
    server.platforms.silverpop.faults.set({ path: 'XMLAPI', after: 2, delayMs: 60_000 });
    const stopped = runComponent(reader, { params: settings(), signal: controller.signal });
    while (asked('GetJobStatus').length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'CancelledError' });
  });

  test('the test of the connection tells list and folder', async () => {
    await using connection = await reader.connect?.(reader.params.parse(settings()), fakeContext());
    expect(await connection?.test()).toMatch(
      /^List 59294 at .* is Newsletter, with 400 contacts\. etl is logged in to 127\.0\.0\.1:\d+; \/download holds \d+ files\.$/,
    );
  });

  test('sends requests of the reviewed shapes', async () => {
    await read({ columns: 'GigyaUid,EMAIL' }, since('2024-02-01T00:00:00Z'));
    const { clientId, clientSecret, refreshToken } = demoSilverpop;
    const hide = (text: string) => [clientId, clientSecret, refreshToken].reduce((shown, secret) => shown.replace(secret, '…'), text);
    const shapes = requestShapes(server.platforms.silverpop.requests, (text) => hide(text).replaceAll('><', '>\n<'));
    await expect(shapes).toMatchFileSnapshot('./__requests__/silverpop.json');
  });
});

describe('the real dataflow Silverpop inbound', () => {
  let gigya: GigyaServer;
  beforeAll(async () => {
    gigya = await startGigya({ accounts: 10 });
  });
  afterAll(() => gigya.stop());

  test('reads all contacts and hands each to the accounts with its flag', async () => {
    const { listId, clientId, clientSecret, refreshToken } = demoSilverpop;
    const access = { listId, clientId, clientSecret, refreshToken, apiUrl: server.platforms.silverpop.url };
    const params = { ...access, host: '127.0.0.1', port: sftp.port, username: 'etl', password: 'right' };
    const { snapshot } = await runRealFlow('dataflow-tool--silverpop--inbound.json', { params: { silverpop: params }, site: gigya.site });
    expect(snapshot.steps).toMatchObject([
      { type: 'datasource.read.silverpop', output: 400, balanced: true },
      { type: 'field.rename', input: 400, output: 400, failed: 0, balanced: true },
      { type: 'field.evaluate', input: 400, output: 400, failed: 0, balanced: true },
      { type: 'datasource.write.gigya.account', input: 400, balanced: true },
    ]);
    expect(gigya.calls['accounts.setAccountInfo']).toBeGreaterThanOrEqual(400);
  });
});
