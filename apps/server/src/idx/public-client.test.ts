import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callIdx, type IdxAnswer } from '../testing/idx-client.ts';
import { SITE, startTestServer, type TestServer } from '../testing/test-server.ts';

/** The calls of public clients of the original, in their order, with the answers their code reads. */
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const call = (method: string, params: Record<string, unknown> = {}) => callIdx(server, method, params);
const search = (query: string, more: Record<string, unknown> = {}) => call('idx.search', { query, ...more });
const rows = (answer: IdxAnswer) => answer.result as Record<string, unknown>[];

const flow = (name: string, password = 'sftp-p4ssw0rd') => ({
  name,
  description: 'account > dsv > sftp',
  steps: [
    { id: 'dsv', type: 'file.format.dsv', params: { fileName: 'out_${now}.csv', columnSeparator: ',' }, next: ['to SFTP'] },
    { id: 'to SFTP', type: 'datasource.write.sftp', params: { host: 'sftp.example.com', username: 'u', password, remotePath: '/' } },
    { id: 'account', type: 'datasource.read.gigya.account', params: { select: 'UID, profile.email' }, next: ['dsv'] },
  ],
});

const ENVELOPE = {
  callId: expect.stringMatching(/^[0-9a-f]{32}$/),
  errorCode: 0,
  apiVersion: 2,
  statusCode: 200,
  statusReason: 'OK',
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
};
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('a client that deploys a dataflow', () => {
  let id: string;

  it('creates it without its secrets', async () => {
    const answer = await call('idx.createDataflow', { data: flow('deployed', '********') });
    expect(answer).toEqual({ ...ENVELOPE, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    id = answer.id;
  });

  it('finds it by its id and by its name', async () => {
    const answer = await search(`SELECT * FROM dataflow WHERE id = '${id}'`);
    expect(answer).toEqual({ ...ENVELOPE, resultCount: 1, totalCount: 1, result: [expect.anything()] });
    expect(rows(answer)[0]).toEqual({
      ...flow('deployed', '********'),
      id,
      apiKey: SITE.apiKey,
      siteId: expect.any(Number),
      status: 'published',
      version: 1,
      createTime: ISO,
      updateTime: ISO,
      updatedByName: 'operator',
    });
    expect(rows(await search("SELECT * FROM dataflow WHERE name = 'deployed'"))).toHaveLength(1);
  });

  it('fills in the secrets, and is told the new version', async () => {
    expect(await call('idx.setDataflow', { data: { ...flow('deployed'), id } })).toEqual({ ...ENVELOPE, version: 2 });
  });

  it('reads it with its secrets masked, changes it, and writes it back; the mask keeps the secret', async () => {
    const { result } = await call('idx.getDataflow', { id });
    expect(JSON.stringify(result)).not.toContain('sftp-p4ssw0rd');
    expect((result as ReturnType<typeof flow>).steps[1]?.params).toMatchObject({ password: '********' });
    const changed = { ...(result as object), description: 'another' };
    expect(await call('idx.setDataflow', { data: changed })).toMatchObject({ errorCode: 0, version: 3 });
    const { document } = await server.as('viewer').dataflows.get({ id });
    expect(Object.keys(document)).toEqual(['name', 'description', 'steps']);
    const { valid, issues } = await call('idx.validateDataflow', { data: { ...changed, id } });
    expect([valid, issues]).toEqual([true, expect.not.arrayContaining([expect.objectContaining({ severity: 'error' })])]);
  });

  it('is told 403200 when it writes back what is stored, whatever the order of keys', async () => {
    const { result } = await call('idx.getDataflow', { id });
    const reordered = Object.fromEntries(Object.entries(result as object).toReversed());
    for (const data of [result, reordered]) {
      const answer = await call('idx.setDataflow', { data });
      const { time: _, ...envelope } = ENVELOPE;
      expect(answer).toEqual({
        ...envelope,
        errorCode: 403200,
        errorMessage: 'Redundant Operation',
        errorDetails: 'dataflow has not changed',
        statusCode: 403,
        statusReason: 'Forbidden',
        time: ISO,
      });
    }
    expect(await search(`SELECT version FROM dataflow WHERE id='${id}'`)).toMatchObject({ result: [{ version: 3 }] });
  });

  it('finds every version', async () => {
    const answer = await search(`SELECT id, version, description FROM dataflow_version WHERE id = '${id}' ORDER BY version`);
    expect(rows(answer).map(({ version, description }) => [version, description])).toEqual([
      [1, 'account > dsv > sftp'],
      [2, 'account > dsv > sftp'],
      [3, 'another'],
    ]);
    expect(JSON.stringify(await search('SELECT * FROM dataflow_version'))).not.toContain('sftp-p4ssw0rd');
  });

  it('schedules it to run at once, and finds the job by its schedule', async () => {
    const data = { name: 'first run', dataflowId: id, frequencyType: 'once', fullExtract: true };
    const { id: schedulingId, ...envelope } = await call('idx.createScheduling', { data });
    expect(envelope).toEqual(ENVELOPE);
    const answer = await search(`select * from idx_job_status where schedulingId = '${schedulingId}'`);
    expect(rows(answer)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        dataflowId: id,
        dataflowName: 'deployed',
        schedulingId,
        status: 'running',
        attemptNumber: 1,
        createTime: ISO,
        updateTime: ISO,
        frequencyType: 'once',
        processedRecords: 0,
        trace: [],
        archive: false,
        apiKey: SITE.apiKey,
        siteId: expect.any(Number),
      },
    ]);
    const jobId = rows(answer)[0]?.id;
    expect(await call('idx.getScheduling', { id: schedulingId })).toMatchObject({
      result: {
        id: schedulingId,
        jobId,
        schedulingStatus: 'busy',
        enabled: true,
        fullExtract: true,
        logLevel: 'info',
        frequencyType: 'once',
      },
    });
    expect(await call('idx.getJobStatus', { id: jobId })).toMatchObject({
      result: { status: 'running', state: 'pending', stepMetrics: [] },
    });
    expect(await call('idx.cancelJob', { id: jobId })).toEqual({ ...ENVELOPE, status: 'killed' });
    const { result } = await search(`SELECT * FROM idx_job_status WHERE dataflowId='${id}' ORDER BY updateTime DESC LIMIT 5`);
    expect(result).toMatchObject([{ status: 'killed', endTime: ISO, outcome: expect.stringContaining('Stopped by operator') }]);
  });

  it('schedules it every night with what the console sends', async () => {
    const data = {
      id: 'Will be generated upon creation',
      name: 'nightly',
      dataflowId: id,
      frequencyType: 'day',
      frequencyInterval: '1',
      nextJobStartTime: '2099-01-31 02:00:00',
      fullExtract: false,
      enabled: true,
      limit: null,
      logLevel: 'debug',
      daysOfWeek: null,
      currentJobStartTime: null,
      successEmails: null,
      failureEmails: null,
      failureEmailNotification: 'ops@example.com',
      schedulingStatus: 'ready',
    };
    const { id: scheduleId } = await call('idx.createScheduling', { data });
    const stored = {
      id: scheduleId,
      name: 'nightly',
      dataflowId: id,
      frequencyType: 'day',
      frequencyInterval: 1,
      nextJobStartTime: '2099-01-31T02:00:00.000Z',
      logLevel: 'debug',
      failureEmailNotification: 'ops@example.com',
      fullExtract: false,
      enabled: true,
      missedRuns: 'once',
      overlap: 'skip',
      schedulingStatus: 'ready',
      createTime: ISO,
      updateTime: ISO,
      apiKey: SITE.apiKey,
      siteId: expect.any(Number),
    };
    const { result } = await search(`SELECT * FROM scheduling WHERE dataflowId = '${id}' AND frequencyType = 'day'`);
    expect(result).toEqual([stored]);
    expect(await call('idx.setScheduling', { data: { ...stored, siteId: 1, createTime: '', updateTime: '', enabled: false } })).toEqual(
      ENVELOPE,
    );
    expect(await call('idx.getScheduling', { id: scheduleId })).toMatchObject({ result: { ...stored, enabled: false } });
    expect(rows(await search('SELECT name FROM scheduling order By updateTime desc'))[0]).toEqual({ name: 'nightly' });
    expect(await call('idx.deleteScheduling', { id: scheduleId })).toEqual(ENVELOPE);
    expect(await call('idx.getScheduling', { id: scheduleId })).toMatchObject({ errorCode: 404000 });
  });

  it('runs a test, and removes the dataflow with its schedules and drafts', async () => {
    const { jobId } = await call('idx.runTest', { id });
    expect(await call('idx.deleteDataflow', { id })).toMatchObject({ errorCode: 400030, errorDetails: expect.stringContaining(jobId) });
    await call('idx.cancelJob', { id: jobId });
    const { id: draftId } = await call('idx.createDataflowDraft', { data: { ...flow('deployed'), description: 'draft' } });
    expect(await call('idx.deleteDataflow', { id })).toEqual(ENVELOPE);
    for (const gone of [id, draftId])
      expect(await call('idx.getDataflow', { id: gone })).toMatchObject({ errorCode: 404000, errorMessage: 'Not found' });
    expect(await search(`SELECT * FROM scheduling WHERE dataflowId = '${id}'`)).toEqual({ ...ENVELOPE, resultCount: 0 });
  });
});

describe('a client that works with drafts', () => {
  it('finds them apart, writes them with the draft method, and publishes them with the other', async () => {
    const broken = { ...flow('draft'), steps: flow('draft').steps.slice(0, 1) };
    const { id } = await call('idx.createDataflowDraft', { data: broken });
    expect((await search("SELECT * FROM dataflow WHERE name = 'draft'")).resultCount).toBe(0);
    expect(rows(await search('SELECT * FROM dataflow_draft'))).toMatchObject([{ id, status: 'draft', version: 1 }]);
    expect(await call('idx.setDataflowDraft', { data: { ...broken, id } })).toMatchObject({ errorCode: 403200 });
    expect(await call('idx.setDataflowDraft', { data: { ...broken, id, description: 'x' } })).toMatchObject({ errorCode: 0, version: 2 });
    expect(rows(await search('SELECT version FROM dataflow_draft_version ORDER BY version DESC'))).toEqual([
      { version: 2 },
      { version: 1 },
    ]);
    expect(await call('idx.setDataflow', { data: { ...broken, id } })).toMatchObject({ errorCode: 400006 });
    expect(await call('idx.setDataflow', { data: { ...flow('draft'), id } })).toMatchObject({ errorCode: 0, version: 3 });
    expect(rows(await search("SELECT * FROM dataflow WHERE name='draft'"))).toMatchObject([{ id, status: 'published', version: 3 }]);
    expect(await call('idx.setDataflowDraft', { data: { ...broken, id } })).toMatchObject({ errorCode: 404000 });
  });

  it('cannot run one before it is published', async () => {
    const { id } = await call('idx.createDataflowDraft', { data: flow('not yet') });
    for (const [method, params] of [
      ['idx.runTest', { id }],
      ['idx.createScheduling', { data: { name: 's', dataflowId: id, frequencyType: 'once' } }],
    ] as const)
      expect(await call(method, params)).toMatchObject({ errorCode: 400030, errorDetails: expect.stringContaining('kept as a draft') });
  });
});

describe('a client that makes mistakes', () => {
  it.each([
    ['idx.createDataflow', {}, 400002, /data/],
    ['idx.createDataflow', { data: '{"name": ' }, 400006, /Line 1/],
    ['idx.createDataflow', { data: { steps: flow('x').steps } }, 400006, /needs a name/],
    ['idx.createDataflow', { data: { name: 'x', steps: [{ id: 'a', type: 'file.parse.nothing' }] } }, 400006, /file\.parse\.nothing/],
    ['idx.createDataflow', { data: { ...flow('x'), steps: [{ ...flow('x').steps[2], next: ['nowhere'] }] } }, 400006, /nowhere/],
    ['idx.setDataflow', { data: flow('x') }, 400002, /data\.id/],
    ['idx.setDataflow', { data: { ...flow('x'), id: 'f'.repeat(32) } }, 404000, /no dataflow/],
    ['idx.getDataflow', {}, 400002, /id/],
    ['idx.getDataflow', { id: 'nul \u0000' }, 404000, /no dataflow/],
    ['idx.createScheduling', { data: '[]' }, 400006, /JSON object/],
    ['idx.createScheduling', { data: { name: 's', dataflowId: 'f'.repeat(32), frequencyType: 'day' } }, 400006, /frequencyInterval/],
    [
      'idx.createScheduling',
      { data: { name: 's', dataflowId: 'f'.repeat(32), frequencyType: 'once', nextJobStartTime: 'soon' } },
      400006,
      /nextJobStartTime/,
    ],
    [
      'idx.createScheduling',
      { data: { name: 's', dataflowId: 'f'.repeat(32), frequencyType: 'once', failureEmailNotification: 'me' } },
      400006,
      /e-mail/,
    ],
    ['idx.createScheduling', { data: { name: 's', dataflowId: 'f'.repeat(32), frequencyType: 'once' } }, 404000, /no dataflow/],
    ['idx.deleteScheduling', { id: 'f'.repeat(32) }, 404000, /no schedule/],
    ['idx.cancelJob', { id: 'f'.repeat(32) }, 404000, /no job/],
    ['idx.search', {}, 400002, /query/],
    ['idx.search', { query: 'SELECT * FROM job' }, 400006, /there is no table job; there are dataflow,/],
    ['idx.search', { query: 'SELECT secret FROM dataflow' }, 400006, /no field secret/],
    ['idx.search', { query: "SELECT * FROM dataflow WHERE steps = 'x'" }, 400006, /steps cannot be compared/],
    ['idx.search', { query: 'SELECT * FROM dataflow', cursorId: 'x' }, 400006, /not both/],
    ['idx.search', { cursorId: 'made.up' }, 400006, /cursorId/],
    ['idx.killEverything', {}, 405001, /no method/],
    ['idx.getDataflow', { id: 'x', format: 'xml' }, 400006, /format/],
  ])('is told the code and the cause: %s %j', async (method, params, errorCode, details) => {
    expect(await call(method, params)).toMatchObject({ errorCode, errorDetails: expect.stringMatching(details) });
  });

  it('is told every step that is wrong when it would break a dataflow that runs', async () => {
    const { id } = await call('idx.createDataflow', { data: flow('breaks') });
    const steps = flow('breaks').steps.map((step) => (step.id === 'to SFTP' ? { ...step, params: { remotePath: '/' } } : step));
    const answer = await call('idx.setDataflow', { data: { ...flow('breaks'), id, steps } });
    expect(answer).toMatchObject({ errorCode: 400006, errorMessage: 'Invalid parameter value' });
    expect(answer.validationErrors?.map(({ fieldName }) => fieldName)).toContain('steps[to SFTP].params.host');
  });
});
