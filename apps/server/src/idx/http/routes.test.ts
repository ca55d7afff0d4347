import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callIdx } from '../../testing/idx-client.ts';
import { keyOf, SITE, startTestServer, type TestServer } from '../../testing/test-server.ts';
import { mayActAs, roles } from '../../users/roles.ts';
import { idxMethods } from '../methods/index.ts';
import { openApiDocument } from '../openapi-document.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const credentials = { apiKey: SITE.apiKey, ...keyOf('editor') };
const data = JSON.stringify({ name: 'émigré & co', steps: [] });
const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('a call', () => {
  it('comes as a form, as a multipart form with texts or files, or as a query', async () => {
    const validate = `${server.url}/idx.validateDataflow`;
    const form = new FormData();
    for (const [name, value] of Object.entries(credentials)) form.set(name, value);
    form.set('data', new Blob([data], { type: 'application/json' }), 'flow.json');
    const answers = [
      await fetch(validate, { method: 'POST', body: new URLSearchParams({ ...credentials, data }) }),
      await fetch(validate, { method: 'POST', body: form }),
      await fetch(`${validate}?${new URLSearchParams({ ...credentials, data })}`),
      await fetch(`${validate}?${new URLSearchParams(credentials)}`, { method: 'POST', body: new URLSearchParams({ data }) }),
    ];
    for (const answer of answers) expect(await json(answer)).toMatchObject({ errorCode: 0, valid: false, issues: [{ code: 'no-steps' }] });
  });

  it('has HTTP status 200 whatever happened, unless it asks for another', async () => {
    const get = (more: Record<string, string>) =>
      fetch(`${server.url}/idx.getDataflow?${new URLSearchParams({ ...credentials, id: 'x', ...more })}`);
    expect((await get({})).status).toBe(200);
    const answer = await get({ httpStatusCodes: 'true', context: '{"call": 7}' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await json(answer)).toMatchObject({ errorCode: 404000, statusCode: 404, statusReason: 'Not Found', context: '{"call": 7}' });
  });

  it.each([
    ['PUT', 'text/plain', '', 400001],
    ['POST', 'application/json', '{}', 400001],
    ['POST', 'multipart/form-data', 'no boundary', 400001],
    ['POST', 'multipart/form-data; boundary=x', 'not multipart', 400001],
    ['POST', 'application/x-www-form-urlencoded', '', 400002],
    ['POST', 'application/x-www-form-urlencoded', 'a=1&'.repeat(300), 400001],
    ['POST', 'application/x-www-form-urlencoded', `data=${'x'.repeat(21 * 1024 * 1024)}`, 413001],
  ])('that cannot be read is refused: %s %s %.20s', async (method, type, body, errorCode) => {
    const answer = await fetch(`${server.url}/idx.search`, { method, headers: { 'content-type': type }, body });
    expect(await json(answer)).toMatchObject({ errorCode });
  });

  it('tells nothing of the inside when something breaks', async () => {
    const { pool } = server.services;
    await pool.query('ALTER TABLE schedule RENAME TO hidden');
    const answer = await callIdx(server, 'idx.search', { query: 'SELECT * FROM scheduling' });
    await pool.query('ALTER TABLE hidden RENAME TO schedule');
    expect(answer).toMatchObject({ errorCode: 500001, errorMessage: 'General server error' });
    expect(JSON.stringify(answer)).not.toMatch(/relation|schedule/);
  });
});

describe('who may call what', () => {
  const call = (name: string, params: Record<string, string>) =>
    fetch(`${server.url}/${name}`, { method: 'POST', body: new URLSearchParams({ apiKey: SITE.apiKey, ...params }) }).then(json);

  it('is told by each of the fifteen methods', () => {
    expect(idxMethods).toHaveLength(15);
    for (const { name, role } of idxMethods) expect([name, roles.includes(role)]).toEqual([name, true]);
  });

  it('refuses every method to those without credentials', async () => {
    for (const { name } of idxMethods) expect([name, (await call(name, {})).errorCode]).toEqual([name, 403005]);
  });

  it.each(roles)('lets a user key with the role %s call exactly what its role allows', async (role) => {
    for (const { name, role: needed } of idxMethods) {
      const { errorCode } = await call(name, keyOf(role));
      expect([name, errorCode === 403007]).toEqual([name, !mayActAs(role, needed)]);
    }
  });

  it('refuses a key whose role is none', async () => {
    const own = { userKey: 'ANoRole', apiKey: SITE.apiKey, name: 'x', role: 'nobody', createdByName: 'Test' };
    await server.services.prisma.userKey.create({ data: { ...own, secret: server.services.secrets.seal('c2VjcmV0', own.userKey) } });
    expect(await call('idx.search', { userKey: own.userKey, secret: 'c2VjcmV0', query: 'SELECT * FROM dataflow' })).toMatchObject({
      errorCode: 403007,
    });
  });

  it('lets an editor stop tests only', async () => {
    const { id } = await callIdx(server, 'idx.createDataflow', { data: { name: 'runs', steps: runnable } });
    const schedule = { name: 's', dataflowId: id, frequencyType: 'once' };
    const { id: schedulingId } = await callIdx(server, 'idx.createScheduling', { data: schedule });
    const found = await callIdx(server, 'idx.search', { query: `SELECT id FROM idx_job_status WHERE schedulingId = '${schedulingId}'` });
    const [job] = found.result as { id: string }[];
    expect(await callIdx(server, 'idx.cancelJob', { as: 'editor', id: job?.id })).toMatchObject({ errorCode: 403007 });
    const { jobId } = await callIdx(server, 'idx.runTest', { as: 'editor', id });
    expect(await callIdx(server, 'idx.cancelJob', { as: 'editor', id: jobId })).toMatchObject({ errorCode: 0, status: 'killed' });
  });
});

const runnable = [
  { id: 'account', type: 'datasource.read.gigya.account', params: { select: 'UID' }, next: ['json'] },
  { id: 'json', type: 'file.format.json', params: { fileName: 'a.json' }, next: ['write'] },
  { id: 'write', type: 'datasource.write.local', params: { path: '/tmp/idsync-nowhere' } },
];

describe('the OpenAPI document', () => {
  it('is served to everybody', async () => {
    const answer = await fetch(`${server.url}/idx.openapi.json`);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('has a path for each method that is there, and none for another', async () => {
    const paths = Object.keys(openApiDocument().paths);
    expect(paths).toEqual(idxMethods.map(({ name }) => `/${name}`));
    for (const path of paths) {
      const { errorCode } = await callIdx(server, path.slice(1));
      expect([path, errorCode === 405001]).toEqual([path, false]);
    }
    expect(await callIdx(server, 'idx.other')).toMatchObject({ errorCode: 405001 });
  });

  it('names the parameters that the methods ask for', async () => {
    for (const [path, { post, get }] of Object.entries(openApiDocument().paths)) {
      const { schema } = post.requestBody.content['application/x-www-form-urlencoded'];
      const own = (schema.required ?? []).filter((name) => name !== 'apiKey');
      const { errorCode, errorDetails } = await callIdx(server, path.slice(1), { as: 'admin' });
      const asked = path === '/idx.search' ? ['query'] : own;
      expect([path, errorCode, errorDetails]).toEqual([path, 400002, `Missing required parameter: ${asked[0]}`]);
      expect(get.parameters.filter((one) => one.required).map((one) => one.name)).toEqual(['apiKey', ...own]);
    }
  });

  it('describes the answers that the methods give', async () => {
    const { id } = await callIdx(server, 'idx.createDataflow', { data: { name: 'described', steps: runnable } });
    const { id: draft } = await callIdx(server, 'idx.createDataflowDraft', { data: { name: 'a draft', steps: [] } });
    const { id: schedule } = await callIdx(server, 'idx.createScheduling', {
      data: { name: 's', dataflowId: id, frequencyType: 'once', nextJobStartTime: '2099-01-01 00:00:00' },
    });
    const { jobId } = await callIdx(server, 'idx.runTest', { id });
    const params: Record<string, Record<string, unknown>> = {
      'idx.createDataflow': { data: { name: 'x', steps: runnable } },
      'idx.getDataflow': { id },
      'idx.setDataflow': { data: { id, name: 'renamed', steps: runnable } },
      'idx.createDataflowDraft': { data: { name: 'y', steps: [] } },
      'idx.setDataflowDraft': { data: { id: draft, name: 'z', steps: [] } },
      'idx.createScheduling': {
        data: { name: 't', dataflowId: id, frequencyType: 'day', frequencyInterval: 1, nextJobStartTime: '2099-01-01' },
      },
      'idx.getScheduling': { id: schedule },
      'idx.setScheduling': { data: { id: schedule, name: 's', dataflowId: id, frequencyType: 'once', nextJobStartTime: '2099-01-02' } },
      'idx.deleteScheduling': { id: schedule },
      'idx.search': { query: 'SELECT * FROM dataflow' },
      'idx.validateDataflow': { data: { name: 'x', steps: [] } },
      'idx.runTest': { id },
      'idx.getJobStatus': { id: jobId },
      'idx.cancelJob': { id: jobId },
      'idx.deleteDataflow': { id: draft },
    };
    const document = openApiDocument();
    const envelope = z.fromJSONSchema(document.components.schemas.Envelope as Parameters<typeof z.fromJSONSchema>[0]);
    for (const [method, given] of Object.entries(params)) {
      const answer = await callIdx(server, method, given);
      expect([method, answer.errorCode, answer.errorDetails]).toEqual([method, 0, undefined]);
      const schema = document.paths[`/${method}`]?.post.responses[200].content['application/json'].schema.allOf[1]?.anyOf?.[0];
      expect(() => envelope.parse(answer)).not.toThrow();
      expect(() => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).parse(answer)).not.toThrow();
    }
    expect(Object.keys(params).sort()).toEqual(idxMethods.map(({ name }) => name).sort());
  });
});
