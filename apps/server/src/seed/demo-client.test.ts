import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { demoSftp, demoSite, type GigyaServer, type SftpServer, startGigya, startSftp } from '@idsync/sandbox';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSchedules } from '../schedules/start-schedules.ts';
import { callIdx } from '../testing/idx-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { endProcess, startWorkerProcess } from '../testing/worker-process.ts';
import { seedDemo } from './seed-demo.ts';

const PATIENCE_MS = 120_000;
let folder: string;
let gigya: GigyaServer;
let sftp: SftpServer;
let server: TestServer;
let worker: ChildProcess;
let sandbox: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'idsync-demo-')));
  gigya = await startGigya({ accounts: 50 });
  const { username, password } = demoSftp;
  sftp = await startSftp({ folder: path.join(folder, 'remote'), users: [{ username, password }] });
  server = await startTestServer({ IDSYNC_ALLOWED_FOLDERS: folder, IDSYNC_ALLOWED_ADDRESSES: '127.0.0.1' });
  sandbox = JSON.stringify({ gigya: { url: gigya.url, site: demoSite }, sftp: { host: sftp.host, port: sftp.port, username, password } });
  await seedDemo(server.services, sandbox);
  worker = await startWorkerProcess(server);
});
afterAll(async () => {
  await endProcess(worker, 'SIGTERM');
  await server.stop();
  await Promise.all([gigya.stop(), sftp.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const call = (method: string, params: Record<string, unknown>) => callIdx(server, method, { ...demoSite, ...params });

it('a public client runs a dataflow of the demo with the demo’s own key, and waits for its end', { timeout: PATIENCE_MS }, async () => {
  const schedules = startSchedules(server.services);
  const { result } = await call('idx.search', { query: "SELECT * FROM dataflow WHERE name = 'Export accounts to SFTP'" });
  const [flow] = result as { id: string }[];
  const data = { name: 'now', dataflowId: flow?.id, frequencyType: 'once', fullExtract: true };
  const { id } = await call('idx.createScheduling', { data });
  const query = `SELECT * FROM idx_job_status WHERE schedulingId = '${id}'`;
  const job = await vi.waitFor(
    async () => {
      const [found] = (await call('idx.search', { query })).result as { status: string; id: string }[];
      expect(found?.status).not.toBe('running');
      return found;
    },
    { timeout: PATIENCE_MS, interval: 200 },
  );
  await schedules.stop();
  expect(job).toMatchObject({ status: 'succeeded', processedRecords: 50, attemptNumber: 1 });
  expect(job).toMatchObject({
    trace: expect.arrayContaining([expect.objectContaining({ level: 'INFO', step: 'System', message: 'Job has succeeded.' })]),
  });
  expect(await readdir(path.join(folder, 'remote', 'inbox'))).toHaveLength(1);
  const status = (await call('idx.getJobStatus', { id: job?.id })).result as { stepMetrics: { step: string }[] };
  expect(status.stepMetrics.map(({ step }) => step)).toContain('sftp');
  expect(((await call('idx.getScheduling', { id })).result as { schedulingStatus: string }).schedulingStatus).toBe('succeeded');
  expect(((await call('idx.getDataflow', { id: flow?.id })).result as { lastRuntime: string }).lastRuntime).toMatch(/Z$/);
});

it('keeps the demo’s key, which everybody knows, from a server that other machines can reach', async () => {
  await seedDemo(server.services, sandbox, { withUserKey: false });
  expect(await call('idx.search', { query: 'SELECT * FROM dataflow' })).toMatchObject({ errorCode: 403005 });
});
