import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { CallLimits } from './limits.ts';
import { demoMarketo, marketoWith } from './marketo.ts';

let server: PlatformsServer<'marketo'>;
let now = Date.parse('2024-02-29T12:00:00Z');
beforeAll(async () => {
  server = await startPlatforms([marketoWith({ callsPerWindow: 30, parallelCalls: 2, callsPerDay: 60, pollsUntilDone: 2 })], {
    clock: () => now,
  });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.marketo.reset());

interface Answer {
  success?: boolean;
  result?: Record<string, unknown>[];
  errors?: { code: string }[];
  error?: string;
  access_token?: string;
}

const send = (path: string, { body, token, headers = {} }: { body?: unknown; token?: string; headers?: Record<string, string> } = {}) =>
  fetch(`${server.url}/marketo${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const call = async (path: string, options: Parameters<typeof send>[1] = {}): Promise<Answer> =>
  (await (await send(path, options)).json()) as Answer;
const tokenPath = (secret: string = demoMarketo.clientSecret) =>
  `/identity/oauth/token?grant_type=client_credentials&client_id=${demoMarketo.clientId}&client_secret=${secret}`;
const login = async () => String((await call(tokenPath())).access_token);
const codeOf = ({ errors }: Answer) => errors?.[0]?.code;

describe('the stand-in of Marketo', () => {
  it('issues tokens to its service only, and lets them end', async () => {
    expect(await call(tokenPath('x'))).toMatchObject({ error: 'invalid_client' });
    const token = await login();
    expect(codeOf(await call('/rest/v1/leads/describe.json'))).toBe('600');
    expect(codeOf(await call('/rest/v1/leads/describe.json', { token: 'x' }))).toBe('601');
    expect((await call('/rest/v1/leads/describe.json', { token })).success).toBe(true);
    now += 3_700_000;
    expect(codeOf(await call('/rest/v1/leads/describe.json', { token }))).toBe('602');
  });

  it('creates and updates leads by the lookup field and skips those it refuses, in the order of the input', async () => {
    const token = await login();
    const input = [
      { email: 'new@example.com', firstName: 'Ann' },
      { email: 'lead.3@example.com', city: 'Bern' },
      { firstName: 'nobody' },
      { email: 'x@example.com', nope: 1 },
      { email: 'x@example.com', leadScore: 'many' },
      { email: 'x@example.com', createdAt: '2020-01-01T00:00:00Z' },
    ];
    expect((await call('/rest/v1/leads.json', { token, body: { input } })).result).toMatchObject([
      { status: 'created', id: expect.any(Number) },
      { status: 'updated', id: 1003 },
      { status: 'skipped', reasons: [{ code: '1003' }] },
      { status: 'skipped', reasons: [{ code: '1006' }] },
      { status: 'skipped', reasons: [{ code: '1001' }] },
      { status: 'skipped', reasons: [{ code: '1003' }] },
    ]);
    const createOnly = await call('/rest/v1/leads.json', { token, body: { action: 'createOnly', input: [input[1]] } });
    expect(createOnly.result).toMatchObject([{ status: 'skipped', reasons: [{ code: '1005' }] }]);
  });

  it.each([
    ['no leads', { input: [] }, '1002'],
    ['more than 300 leads', { input: Array.from({ length: 301 }, () => ({ email: 'a@b' })) }, '1003'],
    ['an unknown action', { action: 'upsert', input: [{}] }, '1003'],
    ['an unknown lookup field', { lookupField: 'nope', input: [{}] }, '1006'],
    ['a lookup field that finds nothing', { lookupField: 'city', input: [{}] }, '1011'],
  ])('refuses %s', async (_what, body, code) => {
    expect(codeOf(await call('/rest/v1/leads.json', { token: await login(), body }))).toBe(code);
  });

  it('refuses more than a megabyte, paths it does not know, and calls past its limits', async () => {
    const token = await login();
    expect((await send('/rest/v1/leads.json', { token, body: { input: [{ address: 'x'.repeat(1_100_000) }] } })).status).toBe(413);
    expect(codeOf(await call('/rest/v1/nothing.json', { token }))).toBe('610');
    for (let i = 0; i < 29; i++) await call('/rest/v1/leads/describe.json', { token });
    expect(codeOf(await call('/rest/v1/leads/describe.json', { token }))).toBe('606');
    now += 21_000;
    for (let i = 0; i < 30; i++) await call('/rest/v1/leads/describe.json', { token });
    now += 21_000;
    expect(codeOf(await call('/rest/v1/leads/describe.json', { token }))).toBe('607');
  });

  it('refuses more calls at a time than it takes', () => {
    const limits = new CallLimits({ parallelCalls: 2 }, () => now);
    expect([limits.begin(), limits.begin(), limits.begin()?.code]).toEqual([undefined, undefined, '615']);
    limits.end();
    expect(limits.begin()).toBeUndefined();
  });

  it('exports leads of a range of time as CSV, whole or in part, with its checksum', async () => {
    const token = await login();
    const jobs = '/bulk/v1/leads/export';
    const body = {
      fields: ['id', 'guid', 'address', 'unsubscribed'],
      format: 'CSV',
      columnHeaderNames: { id: 'Number' },
      filter: { createdAt: { startAt: '2023-11-20T00:00:00Z', endAt: '2023-12-20T00:00:00Z' } },
    };
    const id = (await call(`${jobs}/create.json`, { token, body })).result?.[0]?.exportId;
    expect(codeOf(await call(`${jobs}/${id}/file.json`, { token }))).toBe('1003');
    await call(`${jobs}/${id}/enqueue.json`, { token, body: {} });
    expect((await call(`${jobs}/${id}/status.json`, { token })).result).toMatchObject([{ status: 'Processing' }]);
    const [done] = (await call(`${jobs}/${id}/status.json`, { token })).result ?? [];
    expect(done).toMatchObject({ status: 'Completed', fileChecksum: expect.stringMatching(/^sha256:/) });
    const text = await (await send(`${jobs}/${id}/file.json`, { token })).text();
    expect(text.length).toBeGreaterThan(1000);
    expect(text).toMatch(/^Number,guid,address,unsubscribed\n\d+,lead-/);
    expect(text).toContain(',null,');
    const part = await send(`${jobs}/${id}/file.json`, { token, headers: { range: 'bytes=10-19' } });
    expect([part.status, await part.text()]).toEqual([206, text.slice(10, 20)]);
  });

  const range = { startAt: '2023-11-20T00:00:00Z', endAt: '2023-12-20T00:00:00Z' };
  it.each([
    ['no filter', {}, '1003'],
    ['two filters', { createdAt: range, updatedAt: range }, '1003'],
    ['more than 31 days', { createdAt: { ...range, endAt: '2023-12-22T00:00:00Z' } }, '1003'],
    ['milliseconds', { createdAt: { ...range, startAt: '2023-11-20T00:00:00.000Z' } }, '1001'],
    ['another filter', { nothing: range }, '1035'],
  ])('refuses an export with %s', async (_what, filter, code) => {
    const body = { fields: ['id'], format: 'CSV', filter };
    expect(codeOf(await call('/bulk/v1/leads/export/create.json', { token: await login(), body }))).toBe(code);
  });
});
