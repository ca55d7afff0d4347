import { type DataflowDocument, MASK } from '@idsync/engine/dataflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SITE, startTestServer, type TestServer } from '../testing/test-server.ts';
import { insertDataflow } from './write-dataflow.ts';

const { apiKey } = SITE;

const good = (name = 'Copy a folder'): DataflowDocument => ({
  name,
  description: 'in > out',
  steps: [
    { id: 'in', type: 'datasource.read.local', params: { path: '/from', later: { unknown: ['kept'] } }, next: ['out'] },
    { id: 'out', type: 'datasource.write.local', params: { path: '/to' } },
  ],
  custom: { z: 1, a: 2 },
});

const withSecret = (password: string): DataflowDocument => ({
  name: 'To a server',
  steps: [
    { id: 'in', type: 'datasource.read.local', params: { path: '/from' }, next: ['sftp'] },
    { id: 'sftp', type: 'datasource.write.sftp', params: { host: 'sftp.example.com', username: 'me', password, remotePath: '/in' } },
  ],
});

const cyclic = (): DataflowDocument => ({
  ...good(),
  steps: [
    { id: 'in', type: 'datasource.read.local', params: { path: '/from' }, next: ['out'] },
    { id: 'out', type: 'datasource.write.local', params: { path: '/to' }, next: ['in'] },
  ],
});

describe('dataflows', () => {
  let server: TestServer;
  let caller: ReturnType<TestServer['as']>;
  beforeAll(async () => {
    server = await startTestServer();
    caller = server.as('editor');
  });
  afterAll(() => server.stop());

  const storedText = async (id: string) => {
    const versions = await server.services.prisma.dataflowVersion.findMany({ where: { dataflowId: id } });
    const row = await server.services.prisma.dataflow.findUniqueOrThrow({ where: { id } });
    return JSON.stringify([row, versions]);
  };

  it('keeps a document as it came: order of keys, unknown parameters, extra fields', async () => {
    const { id, version, issues } = await caller.dataflows.create({ apiKey, document: good() });
    expect([version, issues.filter((issue) => issue.severity === 'error')]).toEqual([1, []]);
    const { document } = await caller.dataflows.get({ id });
    expect(JSON.stringify(document)).toBe(JSON.stringify(good()));
  });

  it('takes characters that the database cannot store, in names and in places on the canvas', async () => {
    const odd = 'a\u0000b\ud800';
    const document = { ...good(odd), steps: good().steps.map((step) => ({ ...step, params: { ...step.params, odd } })) };
    const { id } = await caller.dataflows.create({ apiKey, document, layout: { [odd]: { x: 1, y: 2 } } });
    const read = await caller.dataflows.get({ id });
    expect(read.document).toEqual(document);
    expect(read.layout).toEqual({ 'a\uFFFDb\uFFFD': { x: 1, y: 2 } });
    const { items } = await caller.dataflows.list({ apiKey });
    expect(items.find((item) => item.id === id)?.name).toBe('a\uFFFDb\uFFFD');
  });

  it('makes a new version only when the document changed', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: good() });
    const layout = { in: { x: 1, y: 2 } };
    expect(await caller.dataflows.save({ id, document: good(), layout, baseVersion: 1 })).toMatchObject({ saved: true, version: 1 });
    expect((await caller.dataflows.get({ id })).layout).toEqual(layout);
    expect(await caller.dataflows.save({ id, document: good('Other'), layout, baseVersion: 1 })).toMatchObject({ saved: true, version: 2 });
    expect(await server.services.prisma.dataflowVersion.count({ where: { dataflowId: id } })).toBe(2);
  });

  it('refuses a save over a version somebody else made meanwhile', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: good() });
    await caller.dataflows.save({ id, document: good('Mine'), layout: {}, baseVersion: 1 });
    const late = await caller.dataflows.save({ id, document: good('Theirs'), layout: {}, baseVersion: 1 });
    expect(late).toMatchObject({ saved: false, reason: 'conflict', version: 2 });
    expect((await caller.dataflows.get({ id })).document.name).toBe('Mine');
  });

  it('lets one of two saves at the same moment win', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: good() });
    const saves = await Promise.all(
      ['A', 'B', 'C'].map((name) => caller.dataflows.save({ id, document: good(name), layout: {}, baseVersion: 1 })),
    );
    expect(saves.filter((save) => save.saved)).toHaveLength(1);
    expect((await caller.dataflows.get({ id })).version).toBe(2);
  });

  it('never saves an invalid document over a good one, but lets a draft be mended bit by bit', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: good() });
    const refused = await caller.dataflows.save({ id, document: cyclic(), layout: {}, baseVersion: 1 });
    expect(refused).toMatchObject({ saved: false, reason: 'invalid', version: 1 });
    expect(refused.issues.map((issue) => issue.code)).toContain('cycle');
    expect((await caller.dataflows.get({ id })).document).toEqual(good());

    const draft = await caller.dataflows.create({ apiKey, document: cyclic() });
    expect(draft.issues.some((issue) => issue.severity === 'error')).toBe(true);
    await expect(server.as('operator').jobs.run({ dataflowId: draft.id })).rejects.toThrow(/has errors and cannot run/);
    expect(await caller.dataflows.save({ id: draft.id, document: good(), layout: {}, baseVersion: 1 })).toMatchObject({
      saved: true,
      version: 2,
    });
  });

  it('stores secrets encrypted, reads them back masked, and keeps them when the mask comes in', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: withSecret('s3cr3t-value') });
    expect(await storedText(id)).not.toContain('s3cr3t-value');
    const read = await caller.dataflows.get({ id });
    expect(read.document.steps[1]?.params?.password).toBe(MASK);
    expect((await caller.dataflows.export({ id })).text).not.toContain('s3cr3t-value');

    const renamed = { ...read.document, name: 'Renamed' };
    expect(await caller.dataflows.save({ id, document: renamed, layout: {}, baseVersion: 1 })).toMatchObject({ saved: true, version: 2 });
    const same = await caller.dataflows.save({
      id,
      document: { ...withSecret('s3cr3t-value'), name: 'Renamed' },
      layout: {},
      baseVersion: 2,
    });
    expect(same).toMatchObject({ saved: true, version: 2 });
  });

  it('asks for the secret again when its step is sent to another server, and never uses it there', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: withSecret('s3cr3t-kept-home') });
    const { document } = await caller.dataflows.get({ id });
    const elsewhere = document.steps.map((step) =>
      step.id === 'sftp' ? { ...step, params: { ...step.params, host: '127.0.0.1' } } : step,
    );
    const refused = await caller.dataflows.save({ id, document: { ...document, steps: elsewhere }, layout: {}, baseVersion: 1 });
    expect(refused).toMatchObject({ saved: false, reason: 'invalid', version: 1 });
    expect(refused.issues).toContainEqual(expect.objectContaining({ code: 'masked-secret', step: 'sftp', field: 'params.password' }));

    const [, step] = elsewhere;
    if (!step) throw new Error('The step is gone.');
    const tried = await caller.dataflows.testConnection({ dataflowId: id, step });
    expect(tried).toEqual({ ok: false, message: expect.stringMatching(/Type password in again/) });
  });

  it('copies a dataflow with its secrets, which the copy can open', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: withSecret('s3cr3t-copied') });
    const copy = await caller.dataflows.duplicate({ id });
    expect(await storedText(copy.id)).not.toContain('s3cr3t-copied');
    expect((await caller.dataflows.get({ id: copy.id })).document.name).toBe('Copy of To a server');
    expect((await caller.dataflows.get({ id: copy.id })).document.steps[1]?.params?.password).toBe(MASK);
  });

  it('takes an exported dataflow as a draft that asks for its secrets', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: withSecret('s3cr3t-other') });
    const { text } = await caller.dataflows.export({ id });
    const imported = await caller.dataflows.import({ apiKey, text });
    expect(imported.issues).toContainEqual(expect.objectContaining({ severity: 'error', step: 'sftp', field: 'params.password' }));
  });

  it('opens a secret-looking plain text and a secret of a component that was added since', async () => {
    const { secrets } = server.services;
    const plain = secrets.seal('nothing', 'elsewhere');
    const document = { ...good(), steps: [{ id: 'x', type: 'not.built.yet', params: { note: plain, password: 'p-4-ssw0rd' } }] };
    const id = await insertDataflow(server.services, { name: 'Test' }, { apiKey, document, issues: [] });
    const read = await caller.dataflows.get({ id });
    expect(read.document.steps[0]?.params).toEqual({ note: plain, password: MASK });
  });

  it('accepts comments, trailing commas and a byte order mark on import, and refuses what is no dataflow', async () => {
    const { id } = await caller.dataflows.import({
      apiKey,
      text: '\uFEFF{ // first\n "name": "Pasted", "steps": [ {"id": "a", "type": "x",}, ], }',
    });
    expect((await caller.dataflows.get({ id })).document).toEqual({ name: 'Pasted', steps: [{ id: 'a', type: 'x' }] });
    await expect(caller.dataflows.import({ apiKey, text: '{ "steps": [' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(caller.dataflows.import({ apiKey, text: '[1]' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('renames, lists with the outline, and removes for good, secrets included', async () => {
    const { id } = await caller.dataflows.create({ apiKey, document: withSecret('s3cr3t-removed') });
    await caller.dataflows.rename({ id, name: 'New name', description: 'New words' });
    const listed = (await caller.dataflows.list({ apiKey })).items.find((item) => item.id === id);
    expect(listed).toMatchObject({
      name: 'New name',
      description: 'New words',
      outline: 'in > sftp',
      status: 'published',
      version: 2,
      lastJob: null,
    });
    await caller.dataflows.remove({ id });
    await expect(caller.dataflows.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await storedText(id)).not.toContain('enc:v1:');
  });

  it('offers templates whose outline follows from their steps', async () => {
    const groups = await caller.dataflows.templates();
    expect(groups.map((group) => group.integration)).toEqual(expect.arrayContaining(['sftp', 'gigya', 'local']));
    const ids = groups.flatMap((group) => group.templates.map((template) => template.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(groups[0]?.templates[0]?.outline).toBe('account > rename > remove > dsv > gzip > sftp');
  });

  it('runs a script under test and reports a script that throws', async () => {
    const base = { ecmaVersion: '12', notifyLastRecord: false, input: [{ n: 1 }] } as const;
    const result = await caller.dataflows.testScript({
      ...base,
      input: [...base.input],
      script: 'function process(record) { record.n += 1; return record; }',
    });
    expect(result.output).toEqual([{ n: 2 }]);
    const thrown = await caller.dataflows.testScript({
      ...base,
      input: [...base.input],
      script: 'function process() { throw new Error("no"); }',
    });
    expect(JSON.stringify(thrown)).toContain('no');
  });
});
