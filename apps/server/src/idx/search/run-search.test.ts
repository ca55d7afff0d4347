import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveSite } from '../../sites/save-site.ts';
import { callIdx } from '../../testing/idx-client.ts';
import { keyOf, SITE, startTestServer, type TestServer } from '../../testing/test-server.ts';
import { searchTables } from './run-search.ts';

const JOBS = 250;
const ELSEWHERE = { ...SITE, apiKey: '4_elsewhere', name: 'Elsewhere' };
const NAMES = ['Import of “café” accounts', 'import-accounts', "it's 100% _done_", 'Reimport', 'zero'];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await saveSite(server.services, ELSEWHERE);
  for (const name of NAMES) await server.as('editor').dataflows.create({ apiKey: SITE.apiKey, document: { name, steps: [] } });
  const { id: other } = await server.as('editor').dataflows.create({ apiKey: ELSEWHERE.apiKey, document: { name: 'theirs', steps: [] } });
  const { id } = (await server.as('viewer').dataflows.list({ apiKey: SITE.apiKey })).items[0] ?? { id: '' };
  const insert = `INSERT INTO job (id, "dataflowId", "apiKey", "dataflowName", "dataflowVersion", status, test, "fullExtract", "logLevel", "createTime", "startTime", "processedRecords", "createdByName")
    SELECT lpad(to_hex(n), 32, $4), $1, $2, 'flow', 1, CASE n % 3 WHEN 0 THEN 'succeeded' WHEN 1 THEN 'failed' ELSE 'pending' END, false, false, 'info',
      timestamptz '2026-01-01 00:00:00Z' + (n / 10) * interval '1 hour', CASE WHEN n % 3 < 2 THEN timestamptz '2026-01-01 00:00:00Z' + (n / 20) * interval '1 hour' END, n, 'Test'
    FROM generate_series(1, $3::int) AS n`;
  await server.services.pool.query(insert, [id, SITE.apiKey, JOBS, '0']);
  await server.services.pool.query(insert, [other, ELSEWHERE.apiKey, 5, 'f']);
});
afterAll(() => server.stop());

const search = (query: string, more: Record<string, unknown> = {}) => callIdx(server, 'idx.search', { as: 'viewer', query, ...more });
const names = async (where: string) =>
  ((await search(`SELECT name FROM dataflow WHERE ${where} ORDER BY createTime ASC`)).result as { name: string }[] | undefined)?.map(
    ({ name }) => name,
  ) ?? [];

describe('a condition', () => {
  it.each([
    ["name CONTAINS 'import'", [NAMES[0], NAMES[1]]],
    ["name CONTAINS 'IMPORT accounts'", [NAMES[1]]],
    ["name CONTAINS 'café'", [NAMES[0]]],
    ["name CONTAINS '%'", []],
    ["name NOT CONTAINS 'import'", NAMES.slice(2)],
    ["name = 'it''s 100% _done_'", [NAMES[2]]],
    ["name = 'IMPORT-ACCOUNTS'", []],
    ["name IN ('zero', 'Reimport')", [NAMES[3], NAMES[4]]],
    ["name NOT IN ('zero', 'Reimport')", NAMES.slice(0, 3)],
    ['lastRuntime IS NULL AND NOT version != 1', NAMES],
    ["lastRuntime != '2026-01-01' AND updatedByEmail = 'editor@example.com'", NAMES],
    ["NOT (lastRuntime > '2026-01-01')", NAMES],
    ["createTime > '2017-5-8' AND version < 1.5", NAMES],
    ["name = 'x'' OR 1=1 --'", []],
  ])('on dataflows finds the right ones: %s', async (where, expected) => {
    expect(await names(where)).toEqual(expected);
  });

  it('compares times and numbers of jobs, and a job that waits as one that runs', async () => {
    expect(await search("SELECT count(*) FROM idx_job_status WHERE status = 'running'")).toMatchObject({
      result: [{ 'count(*)': 83 }],
      totalCount: 83,
    });
    const { totalCount } = await search(
      "SELECT id FROM idx_job_status WHERE createTime >= '2026-1-1 20:00' AND processedRecords <= 249 LIMIT 3",
    );
    expect(totalCount).toBe(50);
    const page = await search('SELECT processedRecords FROM idx_job_status ORDER BY processedRecords START 5 LIMIT 2');
    expect(page).toMatchObject({ resultCount: 2, totalCount: JOBS, result: [{ processedRecords: 6 }, { processedRecords: 7 }] });
    expect(page.nextCursorId).toBeUndefined();
  });

  it('leaves out result and totalCount when nothing is found', async () => {
    expect(Object.keys(await search("SELECT * FROM dataflow WHERE name = 'nobody'")).sort()).toEqual(
      ['apiVersion', 'callId', 'errorCode', 'resultCount', 'statusCode', 'statusReason', 'time'].sort(),
    );
  });
});

describe('every table', () => {
  it.each(searchTables.map((table) => table.name))(
    'can be searched by all its fields, and shows nothing of another site: %s',
    async (name) => {
      const table = searchTables.find((one) => one.name === name);
      const samples = { text: "'x'", number: '1', time: "'2026-01-01'", boolean: 'true' };
      for (const field of table?.fields ?? []) {
        const answer = await search(
          `SELECT * FROM ${name} WHERE ${field.name} != ${samples[field.kind]} ORDER BY ${field.name} DESC LIMIT 3`,
        );
        expect([field.name, answer.errorCode, answer.errorDetails]).toEqual([field.name, 0, undefined]);
      }
      const all = await search(`SELECT * FROM ${name} LIMIT 1000`);
      expect(JSON.stringify(all)).not.toContain(ELSEWHERE.apiKey);
      if (name !== 'script') expect(((all.result ?? []) as { apiKey: string }[]).every((row) => row.apiKey === SITE.apiKey)).toBe(true);
    },
  );

  it('tells of components, also by the name the original gave one', async () => {
    const { result } = await search("SELECT * FROM script WHERE id = 'GigyaAccountsExtractor'");
    expect(result).toEqual([{ id: 'GigyaAccountsExtractor', description: expect.stringMatching(/accounts/i), output: 'records' }]);
    expect((await search("SELECT id FROM script WHERE id CONTAINS 'sftp' AND output = 'files'")).result).toContainEqual({
      id: 'datasource.read.sftp',
    });
  });
});

describe('a cursor', () => {
  it.each(['', 'ORDER BY startTime', 'ORDER BY startTime DESC', 'ORDER BY hostName', 'ORDER BY status DESC', 'ORDER BY createTime ASC'])(
    'goes through everything once, also where many rows are alike or lack the field: %s',
    async (order) => {
      const seen: string[] = [];
      let answer = await search(`SELECT id FROM idx_job_status ${order} LIMIT 37`, { openCursor: 'true' });
      for (;;) {
        expect(answer.totalCount).toBe(JOBS);
        seen.push(...(answer.result as { id: string }[]).map(({ id }) => id));
        if (answer.nextCursorId === undefined) break;
        answer = await callIdx(server, 'idx.search', { as: 'viewer', cursorId: answer.nextCursorId });
      }
      expect([seen.length, new Set(seen).size]).toEqual([JOBS, JOBS]);
      const { result } = await search(`SELECT id FROM idx_job_status ${order} LIMIT 1000`);
      expect(seen).toEqual((result as { id: string }[]).map(({ id }) => id));
    },
  );

  it('gives the same batch again, to its own site only, and not when it was changed', async () => {
    const { nextCursorId: cursorId = '' } = await search('SELECT id FROM idx_job_status LIMIT 10', { openCursor: true });
    const again = () => callIdx(server, 'idx.search', { as: 'viewer', cursorId });
    expect((await again()).result).toEqual((await again()).result);
    await server.services.prisma.userKey.updateMany({ where: { userKey: keyOf('editor').userKey }, data: { apiKey: ELSEWHERE.apiKey } });
    expect(await callIdx(server, 'idx.search', { as: 'editor', apiKey: ELSEWHERE.apiKey, cursorId })).toMatchObject({ errorCode: 400006 });
    expect(await callIdx(server, 'idx.search', { as: 'viewer', cursorId: `x${cursorId}` })).toMatchObject({ errorCode: 400006 });
  });

  it.each([
    ['SELECT * FROM dataflow START 5', /START cannot be used/],
    ['SELECT * FROM dataflow LIMIT 1001', /at most 1000/],
  ])('is refused for %s', async (query, message) => {
    expect(await search(query, { openCursor: true })).toMatchObject({ errorCode: 400006, errorDetails: expect.stringMatching(message) });
  });
});

it('answers any text as a search that found something or one that cannot be used, and the tables stay as they are', async () => {
  const words = [
    'SELECT',
    '*',
    'FROM',
    'dataflow',
    'job',
    'WHERE',
    'name',
    'id',
    '=',
    '!=',
    "'a'",
    "'",
    '"',
    '(',
    ')',
    'AND',
    'OR',
    'NOT',
    'IN',
    'IS',
    'NULL',
    ',',
    '1',
    '-1e999',
    '\\',
    '$1',
    '; DROP TABLE job; --',
    '/*',
    'LIMIT',
    'ORDER BY',
    'UNION',
  ];
  const soup = fc.array(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ maxLength: 4, unit: 'binary' }) }),
    { maxLength: 12 },
  );
  const conditions = fc.record({
    field: fc.constantFrom('name', 'version', 'createTime', 'lastRuntime', 'id'),
    operator: fc.constantFrom('=', '!=', '<', '>=', 'CONTAINS'),
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    ),
  });
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  const queries = fc.oneof(
    soup.map((parts) => `SELECT * FROM dataflow WHERE ${parts.join(' ')}`),
    conditions.map(({ field, operator, value }) => `SELECT id FROM dataflow WHERE ${field} ${operator} ${quoted(value)} ORDER BY ${field}`),
  );
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      expect([0, 400006]).toContain((await search(query)).errorCode);
    }),
    { numRuns: 300 },
  );
  expect((await search('SELECT count(*) FROM dataflow')).totalCount).toBe(NAMES.length);
});
