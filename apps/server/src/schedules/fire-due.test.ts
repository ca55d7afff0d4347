import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { openServices } from '../open-services.ts';
import { callIdx } from '../testing/idx-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { fireDue } from './fire-due.ts';

const HOUR_MS = 3_600_000;
const FIRST = new Date('2030-01-31T02:00:00Z');
const hoursOn = (hours: number, ms = 0) => new Date(FIRST.getTime() + hours * HOUR_MS + ms);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function createFlow(name: string): Promise<string> {
  const steps = [
    { id: 'account', type: 'datasource.read.gigya.account', params: { select: 'UID' }, next: ['json'] },
    { id: 'json', type: 'file.format.json', params: { fileName: 'a.json' }, next: ['write'] },
    { id: 'write', type: 'datasource.write.local', params: { path: '/tmp/idsync-nowhere' } },
  ];
  return (await callIdx(server, 'idx.createDataflow', { data: { name, steps } })).id;
}

/** Every hour from FIRST on. */
async function schedule(dataflowId: string, more: object = {}): Promise<string> {
  const data = { name: 'hourly', dataflowId, frequencyType: 'hour', frequencyInterval: 1, nextJobStartTime: FIRST.toISOString(), ...more };
  const answer = await callIdx(server, 'idx.createScheduling', { data });
  expect(answer.errorDetails).toBeUndefined();
  return answer.id;
}

const stored = (id: string) => server.services.prisma.schedule.findUniqueOrThrow({ where: { id } });
const jobsOf = (id: string) => server.services.prisma.job.findMany({ where: { schedulingId: id }, orderBy: { createTime: 'asc' } });
const fire = (scheduleId: string, now: Date) => fireDue(server.services, { now, scheduleId });

async function endJobs(id: string): Promise<void> {
  for (const job of await jobsOf(id)) await callIdx(server, 'idx.cancelJob', { id: job.id });
}

describe('a schedule', () => {
  it('makes no job before its time, one at its time, and the next an interval later', async () => {
    const dataflowId = await createFlow('on time');
    const id = await schedule(dataflowId, { limit: 7, logLevel: 'debug', fullExtract: true });
    expect(await fire(id, hoursOn(0, -1))).toBe(0);
    expect(await fire(id, hoursOn(0))).toBe(1);
    expect(await jobsOf(id)).toMatchObject([
      { dataflowId, status: 'pending', limit: 7, logLevel: 'debug', fullExtract: true, test: false },
    ]);
    expect(await stored(id)).toMatchObject({ nextRunAt: hoursOn(1), jobId: (await jobsOf(id))[0]?.id });
    expect(await fire(id, hoursOn(0, 59_000))).toBe(0);
    const { items } = await server.as('viewer').dataflows.list({ apiKey: (await stored(id)).apiKey });
    expect(items.find((item) => item.id === dataflowId)?.nextRun).toBe(hoursOn(1).toISOString());
    await endJobs(id);
    expect(await fire(id, hoursOn(1))).toBe(1);
  });

  it('that comes once is done then', async () => {
    const id = await schedule(await createFlow('once'), { frequencyType: 'once' });
    expect(await fire(id, hoursOn(5))).toBe(1);
    expect(await stored(id)).toMatchObject({ nextRunAt: null, startTime: FIRST });
    expect(await fire(id, hoursOn(500))).toBe(0);
    expect((await callIdx(server, 'idx.getScheduling', { id })).result).toMatchObject({
      nextJobStartTime: FIRST.toISOString(),
      schedulingStatus: 'busy',
    });
    await endJobs(id);
    expect((await callIdx(server, 'idx.getScheduling', { id })).result).toMatchObject({ schedulingStatus: 'killed' });
  });

  it('that is disabled or removed makes none; enabled again it goes on in its rhythm', async () => {
    const dataflowId = await createFlow('disabled');
    const data = {
      name: 'old',
      dataflowId,
      frequencyType: 'hour',
      frequencyInterval: 1,
      nextJobStartTime: '2020-01-01 00:30:00',
      enabled: false,
    };
    const { id } = await callIdx(server, 'idx.createScheduling', { data });
    expect(await fire(id, hoursOn(0))).toBe(0);
    const before = new Date();
    await callIdx(server, 'idx.setScheduling', { data: { ...data, id, enabled: true } });
    const { nextRunAt } = await stored(id);
    expect(nextRunAt?.getUTCMinutes()).toBe(30);
    expect(nextRunAt?.getTime()).toBeGreaterThan(before.getTime());
    expect(nextRunAt?.getTime()).toBeLessThanOrEqual(before.getTime() + HOUR_MS + 60_000);
    await callIdx(server, 'idx.deleteScheduling', { id });
    expect(await fire(id, hoursOn(0))).toBe(0);
  });

  it('of a dataflow that cannot run any more says so', async () => {
    const dataflowId = await createFlow('breaks');
    const id = await schedule(dataflowId);
    await server.services.prisma.dataflow.update({ where: { id: dataflowId }, data: { status: 'draft' } });
    expect(await fire(id, hoursOn(0))).toBe(0);
    expect(await stored(id)).toMatchObject({ nextRunAt: hoursOn(1), skippedBecause: expect.stringContaining('has errors and cannot run') });
  });
});

describe('times that passed while nobody could fire', () => {
  it.each([
    ['once', 1, hoursOn(4)],
    ['all', 4, hoursOn(4)],
    ['skip', 0, hoursOn(4)],
  ])('make with the policy %s %d jobs', async (missedRuns, jobs, next) => {
    const id = await schedule(await createFlow(`missed ${missedRuns}`), { missedRuns, overlap: 'queue' });
    const now = hoursOn(3, 30 * 60_000);
    for (let look = 0; look < 6; look += 1) {
      await fire(id, now);
      await endJobs(id);
    }
    expect(await jobsOf(id)).toHaveLength(jobs);
    expect((await stored(id)).nextRunAt).toEqual(next);
  });

  it('are not missed when they are a few seconds late', async () => {
    const id = await schedule(await createFlow('a little late'), { missedRuns: 'skip' });
    expect(await fire(id, hoursOn(0, 30_000))).toBe(1);
  });
});

describe('while a job of the dataflow has not ended, its next time', () => {
  it('is left out with the policy skip', async () => {
    const id = await schedule(await createFlow('overlap skip'));
    await fire(id, hoursOn(0));
    expect(await fire(id, hoursOn(1))).toBe(0);
    expect(await stored(id)).toMatchObject({ nextRunAt: hoursOn(2), skippedBecause: expect.stringContaining('had not ended') });
  });

  it('waits with the policy queue, which is what comes once has', async () => {
    const dataflowId = await createFlow('overlap queue');
    const first = await schedule(dataflowId, { frequencyType: 'once' });
    const second = await schedule(dataflowId, { frequencyType: 'once' });
    await fire(first, hoursOn(0));
    expect(await fire(second, hoursOn(0))).toBe(0);
    expect((await stored(second)).nextRunAt).toEqual(FIRST);
    await endJobs(first);
    expect(await fire(second, hoursOn(0))).toBe(1);
  });

  it('stops the old job with the policy stop, and runs then', async () => {
    const id = await schedule(await createFlow('overlap stop'), { overlap: 'stop' });
    await fire(id, hoursOn(0));
    expect(await fire(id, hoursOn(1))).toBe(0);
    expect(await jobsOf(id)).toMatchObject([{ status: 'killed', outcome: expect.stringContaining('a schedule that comes next') }]);
    expect(await fire(id, hoursOn(1))).toBe(1);
  });
});

it('makes one job for each of many schedules due at once, however many servers look', { timeout: 180_000 }, async () => {
  const DUE = 200;
  const dataflowIds = await Promise.all(Array.from({ length: DUE }, (_, i) => createFlow(`many ${i}`)));
  const now = hoursOn(-10);
  const early = new Date(now.getTime() - 1_000);
  await server.services.prisma.schedule.createMany({
    data: dataflowIds.map((dataflowId, i) => ({
      id: `${i}`.padStart(32, 'e'),
      apiKey: '4_testSite',
      dataflowId,
      name: 'many',
      frequencyType: 'day',
      frequencyInterval: 1,
      startTime: early,
      nextRunAt: early,
      updatedAt: early,
      updatedByName: 'Test',
    })),
  });
  const other = await openServices(server.env, server.databaseUrl, createLog('silent', 'test'));
  const looks = [server.services, other.services, server.services].map((services) => fireDue(services, { now }));
  const made = (await Promise.all(looks)).reduce((sum, count) => sum + count, 0) + (await fireDue(server.services, { now }));
  await other.close();
  const jobs = await server.services.prisma.job.groupBy({ by: ['schedulingId'], where: { createdByName: 'Schedule many' }, _count: true });
  expect([made, jobs.length, jobs.every((job) => job._count === 1)]).toEqual([DUE, DUE, true]);
});
