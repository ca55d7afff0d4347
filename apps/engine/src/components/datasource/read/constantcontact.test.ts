import { constantContactStandIn, demoConstantContact, type PlatformsServer, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openConstantContact } from '#connectors/constant-contact/constant-contact.ts';
import { type DataRecord, FatalError, type JobInfo } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import reader from './constantcontact.ts';

let server: PlatformsServer<'constant-contact'>;
beforeAll(async () => {
  server = await startPlatforms([constantContactStandIn({ callsPerSecond: 1000 })]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['constant-contact'].reset());

const { apiKey, accessToken, listId, refreshToken, clientSecret } = demoConstantContact;
const settings = (): DataRecord => {
  const { url } = server.platforms['constant-contact'];
  return { apiKey, accessToken, listId, apiUrl: `${url}/v3/`, authUrl: `${url}/oauth2/default/v1/token`, callsPerSecond: 1000 };
};
const read = (params: DataRecord = {}, job: Partial<JobInfo> = {}) => runComponent(reader, { params: { ...settings(), ...params }, job });
const requests = () => server.platforms['constant-contact'].requests;
const paths = () => requests().map(({ path }) => path);

/** Brings the list to more than one page. */
async function addPeople(count: number) {
  const import_data = Array.from({ length: count }, (_, n) => ({ email: `more${n}@example.com` }));
  const body = JSON.stringify({ import_data, list_ids: [listId] });
  await fetch(`${settings().apiUrl}activities/contacts_json_import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body,
  });
}

describe('reading contacts of a list', () => {
  test('hands on contacts with address, flag and custom fields beside what the API shows', async () => {
    const run = await read();
    expect(run.records).toHaveLength(300);
    expect(run.total).toBe(300);
    expect(run.records[0]).toMatchObject({
      contact_id: expect.any(String),
      first_name: expect.any(String),
      Email: expect.stringContaining('@'),
      newsletterField: true,
      CustomField1: 'gigya-0',
      list_memberships: [listId],
    });
    expect(run.records[0]).not.toHaveProperty('custom_fields');
  });

  test('reads all pages by cursor, each contact once', async () => {
    await addPeople(900);
    const { records, positions } = await read();
    expect(new Set(records.map(({ contact_id }) => contact_id)).size).toBe(1200);
    expect(positions).toEqual([{ next: expect.any(String) }, { next: expect.any(String) }, { next: null }]);
  });

  test('reads what changed since the last run, less half a minute, unless the job pulls all', async () => {
    const changedSince = new Date('2024-01-31T00:00:00Z');
    const { records } = await read({}, { changedSince, fullExtract: false });
    expect(records.length).toBeGreaterThan(2);
    expect(records.length).toBeLessThan(100);
    expect(paths().at(-1)).toContain(`updated_after=${encodeURIComponent('2024-01-30T23:59:30.000Z')}`);
    expect((await read({}, { changedSince, fullExtract: true })).records).toHaveLength(300);
    expect((await read({}, { changedSince: new Date('2100-01-01T00:00:00Z'), fullExtract: false })).records).toEqual([]);
  });

  test.each([
    ['the client id', {}],
    ['the client secret', { clientSecret }],
  ])('renews a token that has ended, by %s', async (_, params) => {
    const run = await read({ accessToken: 'ended', refreshToken, ...params });
    expect(run.records).toHaveLength(300);
    expect(paths().filter((path) => path.includes('token'))).toHaveLength(1);
  });

  test('a page that is throttled or fails for the moment is read again', async () => {
    server.platforms['constant-contact'].faults.set(
      { path: '/contacts?', status: 429, retryAfter: 0, body: '{"error_key":"throttled","error_message":"Too Many Requests"}', times: 1 },
      { path: '/contacts?', status: 503, times: 1 },
      { path: '/contacts?', cut: 'after', times: 1 },
    );
    const run = await read();
    expect(run.records).toHaveLength(300);
    expect(run.log.filter(({ level }) => level === 'warn')).toHaveLength(3);
  });

  test('keeps the pace of four calls a second', async () => {
    const real = await startPlatforms([constantContactStandIn()]);
    const began = performance.now();
    const run = await read({ apiUrl: `${real.platforms['constant-contact'].url}/v3/`, callsPerSecond: 4 });
    expect(run.records).toHaveLength(300);
    expect(performance.now() - began).toBeGreaterThan(490);
    await real.stop();
  });

  test.each([
    ['a token that has ended', { accessToken: 'ended' }, /Unauthorized \(unauthorized\)\. Give an access token of the V3 API/],
    ['a wrong refresh token', { accessToken: 'ended', refreshToken: 'wrong' }, /invalid_grant/],
    ['an unknown list', { listId: '00000000-0000-4000-8000-000000000000' }, /list_id was not found .*Check the list id/],
    ['a list id of the V2 API', { listId: '1234567890' }, /Give the list_id of the V3 API, a UUID/],
  ])('%s fails the job and says what to do, without the token', async (_, params, text) => {
    const thrown = await read(params).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(text);
    expect(String(thrown)).not.toMatch(/ended"|wrong"|demo-access-token/);
  });

  test('the calls of a day that are used up fail the job', async () => {
    server.platforms['constant-contact'].faults.set({
      status: 429,
      body: '{"error_key":"quota_exceeded","error_message":"Limit Exceeded"}',
    });
    await expect(read()).rejects.toThrow(/Limit Exceeded \(quota_exceeded\)\. .*after midnight UTC/);
    server.platforms['constant-contact'].faults.set({ status: 200, body: '[]' });
    await expect(read()).rejects.toThrow(/answered without the list/);
  });

  test.each([
    [{ accessToken: '' }, /accessToken/],
    [{ listId: null }, /listId/],
    [{ callsPerSecond: 0 }, /callsPerSecond/],
    [{ timeout: 'soon' }, /timeout/],
  ])('%j is refused before anything is sent', async (params, field) => {
    await expect(read(params)).rejects.toThrow(field);
    expect(paths()).toEqual([]);
  });

  test('an early end leaves nothing open', async () => {
    await addPeople(600);
    await leakCheck((signal) => runComponent(reader, { params: settings(), signal, stopAfter: 1 }));
  });

  test('the test of the connection names the list', async () => {
    const { apiUrl, authUrl } = settings() as Record<string, string>;
    const where = { apiUrl: apiUrl ?? '', authUrl: authUrl ?? '', callsPerSecond: 100, timeoutMs: 5000 };
    await using list = openConstantContact({ apiKey, accessToken, listId, ...where }, fakeContext());
    expect(await list.test()).toBe('The list "Newsletter" with 300 contacts is there.');
  });

  test('sends requests of the reviewed shapes', async () => {
    await addPeople(300);
    await read({ accessToken: 'ended', refreshToken }, { changedSince: new Date('2000-01-01T00:00:00Z'), fullExtract: false });
    const shapes = requestShapes(requests().slice(1), (text) => text.replace(/cursor=.*/, 'cursor=…'));
    await expect(shapes).toMatchFileSnapshot('./__requests__/constantcontact.json');
  });
});
