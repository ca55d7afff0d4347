import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { DataflowDocument } from '@idsync/engine/dataflow';
import { demoSite, type GigyaServer, type SftpServer, startGigya, startSftp } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { saveSite } from '../sites/save-site.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { endProcess, runnersOf, startWorkerProcess } from '../testing/worker-process.ts';
import { type JobEvent, watchJob } from './watch-job.ts';

const { apiKey } = demoSite;
const ACCOUNTS = 400;
const SFTP_PASSWORD = 'sftp-p4ssw0rd-of-the-test';
const PATIENCE_MS = 180_000;

let folder: string;
let gigya: GigyaServer;
let sftp: SftpServer;
let silent: Server;
const sockets = new Set<Socket>();
let server: TestServer;
let worker: ChildProcess;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'idsync-jobs-')));
  gigya = await startGigya({ accounts: ACCOUNTS });
  sftp = await startSftp({ folder: path.join(folder, 'remote'), users: [{ username: 'demo', password: SFTP_PASSWORD }] });
  silent = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  server = await startTestServer({ IDSYNC_ALLOWED_FOLDERS: folder, IDSYNC_ALLOWED_ADDRESSES: '127.0.0.1' });
  await saveSite(server.services, { ...demoSite, name: 'Demo', apiDomain: gigya.url });
  worker = await startWorkerProcess(server);
});

afterAll(async () => {
  await endProcess(worker, 'SIGTERM');
  await server.stop();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  await Promise.all([gigya.stop(), sftp.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const account = { id: 'account', type: 'datasource.read.gigya.account', params: { select: 'UID, profile.email' } };
const dsv = { id: 'dsv', type: 'file.format.dsv', params: { fileName: 'out.csv', columnSeparator: ',' }, next: ['write'] };

const intoFolder = (name: string): DataflowDocument => ({
  name,
  steps: [{ ...account, next: ['dsv'] }, dsv, { id: 'write', type: 'datasource.write.local', params: { path: path.join(folder, name) } }],
});

const overSftp = (port: number, password: string): DataflowDocument => ({
  name: 'Over SFTP',
  steps: [
    { ...account, next: ['dsv'] },
    dsv,
    { id: 'write', type: 'datasource.write.sftp', params: { host: '127.0.0.1', port, username: 'demo', password, remotePath: '/' } },
  ],
});

/** A server that takes the connection and never says a word: the job hangs in it. */
const hanging = () => overSftp((silent.address() as AddressInfo).port, SFTP_PASSWORD);

async function create(document: DataflowDocument): Promise<string> {
  const { id, issues } = await server.as('editor').dataflows.create({ apiKey, document });
  expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  return id;
}

async function until(jobId: string, reached: (event: JobEvent) => boolean): Promise<JobEvent> {
  let last: JobEvent | undefined;
  for await (const [, event] of watchJob(server.services, { id: jobId }, AbortSignal.timeout(PATIENCE_MS))) {
    last = event;
    if (reached(event)) return event;
  }
  throw new Error(`The job ended otherwise: ${JSON.stringify(last)}`);
}

const ended = ({ job }: JobEvent) => ['succeeded', 'failed', 'killed'].includes(job.status);
const running = ({ job }: JobEvent) => job.status === 'running';

async function run(dataflowId: string, options: { test?: boolean; fullExtract?: boolean; limit?: number } = {}): Promise<string> {
  return (await server.as('operator').jobs.run({ dataflowId, ...options })).jobId;
}

describe('a job', () => {
  it('runs in a worker, writes its file, and moves the time of the last run to its start', { timeout: PATIENCE_MS }, async () => {
    const dataflowId = await create(intoFolder('runs'));
    const jobId = await run(dataflowId);
    await until(jobId, ended);
    const job = await server.as('viewer').jobs.get({ id: jobId });
    expect(job).toMatchObject({ status: 'succeeded', processedRecords: ACCOUNTS, attemptNumber: 1, hostName: os.hostname() });
    expect(job.snapshot.steps.map((step) => [step.step, step.input, step.output])).toEqual([
      ['account', 0, ACCOUNTS],
      ['dsv', ACCOUNTS, 1],
      ['write', 1, 0],
    ]);
    const lines = (await readFile(path.join(folder, 'runs', 'out.csv'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(ACCOUNTS + 1);
    expect((await server.as('viewer').dataflows.get({ id: dataflowId })).lastRuntime).toBe(job.startTime);
    const { lines: trace } = await server.as('viewer').jobs.trace({ id: jobId });
    expect(trace.at(0)?.message).toBe('Job has succeeded.');
  });

  it('takes ten records as a test and leaves the time of the last run alone', { timeout: PATIENCE_MS }, async () => {
    const dataflowId = await create(intoFolder('test'));
    const { jobId } = await server.as('editor').jobs.run({ dataflowId, test: true });
    expect((await until(jobId, ended)).job).toMatchObject({ status: 'succeeded', processedRecords: 10, test: true });
    expect((await server.as('viewer').dataflows.get({ id: dataflowId })).lastRuntime).toBeNull();
  });

  it('leaves the time of the last run alone when a limit cut it off, so that what was left out is read next time', {
    timeout: PATIENCE_MS,
  }, async () => {
    const dataflowId = await create(intoFolder('limited'));
    const lastRuntime = async () => (await server.as('viewer').dataflows.get({ id: dataflowId })).lastRuntime;
    expect((await until(await run(dataflowId, { limit: 5 }), ended)).job).toMatchObject({ status: 'succeeded', processedRecords: 5 });
    expect(await lastRuntime()).toBeNull();
    const whole = await until(await run(dataflowId, { limit: ACCOUNTS + 1 }), ended);
    expect(whole.job).toMatchObject({ status: 'succeeded', processedRecords: ACCOUNTS });
    expect(await lastRuntime()).toBe(whole.job.startTime);
  });

  it('begins as soon as one before it has ended', { timeout: PATIENCE_MS }, async () => {
    const dataflowId = await create(intoFolder('queued'));
    const jobIds = await Promise.all(Array.from({ length: 6 }, () => run(dataflowId, { test: true })));
    for (const jobId of jobIds) await until(jobId, ended);
    const jobs = await Promise.all(jobIds.map((id) => server.as('viewer').jobs.get({ id })));
    const starts = jobs.map(({ startTime }) => Date.parse(startTime ?? '')).toSorted();
    const ends = jobs.map(({ endTime }) => Date.parse(endTime ?? '')).toSorted();
    const slots = server.env.workerJobs;
    for (const [i, start] of starts.slice(slots).entries()) expect(start - (ends[i] ?? 0)).toBeLessThan(5_000);
  });

  it('leaves nothing of what it put aside on the disk when it is killed', { timeout: PATIENCE_MS }, async () => {
    const jobId = await run(await create(hanging()));
    const putAside = async () => (await readdir(os.tmpdir())).filter((name) => name.includes(jobId));
    await until(jobId, ({ lines }) => lines.length > 0);
    expect(await putAside()).toHaveLength(1);
    for (const pid of await runnersOf(worker)) process.kill(pid, 'SIGKILL');
    await until(jobId, ended);
    await vi.waitFor(async () => expect(await putAside()).toEqual([]));
  });

  it('needs an operator unless it is a test', async () => {
    const dataflowId = await create(intoFolder('roles'));
    await expect(server.as('editor').jobs.run({ dataflowId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('shows no secret of its dataflow or its site anywhere, also when the login is refused', { timeout: PATIENCE_MS }, async () => {
    const wrong = 'wr0ng-s3cret-of-the-test';
    const dataflowId = await create(overSftp(sftp.port, wrong));
    const jobId = await run(dataflowId);
    expect((await until(jobId, ended)).job.status).toBe('failed');
    const viewer = server.as('viewer');
    const answers = [
      await viewer.jobs.get({ id: jobId }),
      await viewer.jobs.trace({ id: jobId }),
      await viewer.jobs.list({ apiKey }),
      await viewer.dataflows.get({ id: dataflowId }),
      await viewer.dataflows.export({ id: dataflowId }),
      await viewer.session.me(),
    ];
    const { rows } = await server.services.pool.query(`SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables`);
    expect(rows.length).toBeGreaterThan(8);
    const tables = await Promise.all(rows.map(({ name }) => server.services.pool.query(`SELECT row::text FROM ${name} AS row`)));
    const everything = JSON.stringify([answers, tables.map((table) => table.rows)]);
    expect(everything).toContain(jobId);
    for (const secret of [wrong, demoSite.secret]) expect(everything.includes(secret)).toBe(false);
    expect(JSON.stringify(answers[1])).toMatch(/127\.0\.0\.1/);
  });

  it('stops when asked, once it runs', { timeout: PATIENCE_MS }, async () => {
    const jobId = await run(await create(hanging()));
    await until(jobId, running);
    await expect(server.as('editor').jobs.stop({ id: jobId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await server.as('operator').jobs.stop({ id: jobId });
    expect((await until(jobId, ended)).job.status).toBe('killed');
    expect(await runnersOf(worker)).toEqual([]);
    expect((await server.as('operator').jobs.stop({ id: jobId })).status).toBe('killed');
  });

  it('fails in words when its engine process is killed, and the worker lives on', { timeout: PATIENCE_MS }, async () => {
    const jobId = await run(await create(hanging()));
    await until(jobId, ({ lines }) => lines.length > 0);
    for (const pid of await runnersOf(worker)) process.kill(pid, 'SIGKILL');
    expect((await until(jobId, ended)).job.status).toBe('failed');
    expect((await server.as('viewer').jobs.get({ id: jobId })).outcome).toMatch(/ended from outside \(SIGKILL\)/);
    const next = await run(await create(intoFolder('after')));
    expect((await until(next, ended)).job.status).toBe('succeeded');
    expect(await readdir(path.join(folder, 'after'))).toEqual(['out.csv']);
  });

  it('does not run twice at a time', { timeout: PATIENCE_MS }, async () => {
    const dataflowId = await create(hanging());
    const answers = await Promise.allSettled([run(dataflowId), run(dataflowId), run(dataflowId)]);
    const started = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(started).toHaveLength(1);
    await expect(server.as('editor').dataflows.remove({ id: dataflowId })).rejects.toMatchObject({ code: 'CONFLICT' });
    await server.as('operator').jobs.stop({ id: started[0] ?? '' });
    await until(started[0] ?? '', ended);
  });

  it('is taken over by another worker when its own is killed, and can still be stopped', { timeout: PATIENCE_MS }, async () => {
    const jobId = await run(await create(hanging()));
    await until(jobId, ({ lines }) => lines.length > 0);
    await endProcess(worker, 'SIGKILL');
    worker = await startWorkerProcess(server);
    const taken = await until(jobId, ({ job }) => job.attemptNumber === 2);
    expect(taken.job.status).toBe('running');
    await server.as('operator').jobs.stop({ id: jobId });
    expect((await until(jobId, ended)).job.status).toBe('killed');
  });

  it('is handed on when its worker is told to end', { timeout: PATIENCE_MS }, async () => {
    const jobId = await run(await create(hanging()));
    await until(jobId, ({ lines }) => lines.length > 0);
    await endProcess(worker, 'SIGINT');
    worker = await startWorkerProcess(server);
    expect((await until(jobId, ({ job }) => job.attemptNumber === 2)).job.status).toBe('running');
    await server.as('operator').jobs.stop({ id: jobId });
    await until(jobId, ended);
  });

  it('is killed at once when it waits and no worker is there', { timeout: PATIENCE_MS }, async () => {
    await endProcess(worker, 'SIGTERM');
    const jobId = await run(await create(intoFolder('waiting')));
    expect(await server.as('operator').jobs.stop({ id: jobId })).toEqual({ status: 'killed' });
    worker = await startWorkerProcess(server);
    expect((await server.as('viewer').jobs.get({ id: jobId })).startTime).toBeNull();
  });

  it('tells those who watch over HTTP every line once, also after they lost the connection', { timeout: PATIENCE_MS }, async () => {
    const jobId = await run(await create(intoFolder('watched')));
    await until(jobId, ended);
    const all = (await server.as('viewer').jobs.trace({ id: jobId, limit: 1000 })).lines.map((line) => line.seq).toReversed();
    const cookie = await server.signIn('viewer');
    expect(await watchedLines(jobId, cookie)).toEqual(all);
    expect(await watchedLines(jobId, cookie, '2')).toEqual(all.slice(2));
  });

  it('lists in pages, by the console’s query, and says what is wrong with a bad one', async () => {
    const viewer = server.as('viewer');
    const first = await viewer.jobs.list({ apiKey, limit: 2 });
    const second = await viewer.jobs.list({ apiKey, limit: 2, cursor: first.nextCursor });
    const ids = [...first.items, ...second.items].map((job) => job.id);
    expect(new Set(ids).size).toBe(4);
    const killed = await viewer.jobs.list({ apiKey, query: "Status = 'KILLED' and startTime > '2017-5-8'" });
    expect(killed.items.length).toBeGreaterThan(0);
    expect(killed.items.every((job) => job.status === 'killed')).toBe(true);
    await expect(viewer.jobs.list({ apiKey, query: 'colour=red' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('a connection test', () => {
  const step = (port: number, password: string) => ({
    id: 'write',
    type: 'datasource.write.sftp',
    params: { host: '127.0.0.1', port, username: 'demo', password, remotePath: '/' },
  });

  it('says that it works, with the stored secret behind a mask', async () => {
    const dataflowId = await create(overSftp(sftp.port, SFTP_PASSWORD));
    const { document } = await server.as('editor').dataflows.get({ id: dataflowId });
    const write = document.steps.find((one) => one.id === 'write');
    expect(write?.params?.password).toBe('********');
    const result = await server.as('editor').dataflows.testConnection({ dataflowId, step: write ?? step(0, '') });
    expect(result).toMatchObject({ ok: true });
  });

  it('says why it does not, without the secret', async () => {
    const result = await server.as('editor').dataflows.testConnection({ step: step(sftp.port, 'not-the-p4ssword') });
    expect(result.ok).toBe(false);
    expect(result.message).not.toContain('not-the-p4ssword');
    expect(await server.as('editor').dataflows.testConnection({ step: { id: 'x', type: 'datasource.write.sftp' } })).toMatchObject({
      ok: false,
    });
  });
});

async function watchedLines(id: string, cookie: string, lastEventId?: string): Promise<number[]> {
  const input = encodeURIComponent(JSON.stringify({ id, ...(lastEventId && { lastEventId }) }));
  const response = await fetch(`${server.url}/api/trpc/jobs.watch?input=${input}`, { headers: { cookie, accept: 'text/event-stream' } });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const seen: number[] = [];
  for (const line of (await response.text()).split('\n')) {
    if (!line.startsWith('data: {') || !line.includes('"lines"')) continue;
    const event: JobEvent = JSON.parse(line.slice('data: '.length));
    seen.push(...event.lines.map((one) => one.seq));
  }
  return seen;
}
