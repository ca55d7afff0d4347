import { z } from 'zod';
import { findJob } from '../../jobs/find-job.ts';
import { type StoredJob, snapshotOf } from '../../jobs/job-row.ts';
import { runDataflow } from '../../jobs/run-dataflow.ts';
import { stopJob } from '../../jobs/stop-job.ts';
import { ApiError } from '../api-error.ts';
import { JOB_COLUMNS, type JobStatusRow, jobObject, tracesOf } from '../objects/job-object.ts';
import { ownDataflow } from './dataflow-data.ts';
import { anyObject, type CallContext, defineMethod, idParam } from './method.ts';

const TRACE_LINES = 1_000;
const states = z.enum(['pending', 'running', 'succeeded', 'failed', 'killed']);

export const runTest = defineMethod('idx.runTest', {
  role: 'editor',
  summary: 'Runs a dataflow at once with ten records. The time of its last run stays where it is.',
  params: z.object({ id: idParam.describe('The dataflow.'), logLevel: z.enum(['info', 'error', 'debug']).optional() }),
  answer: z.object({ jobId: z.string() }),
  run: async (context, { id, logLevel }) => {
    await ownDataflow(context, id);
    return runDataflow(context.services, context.user, { dataflowId: id, test: true, logLevel });
  },
});

export const cancelJob = defineMethod('idx.cancelJob', {
  role: 'editor',
  summary: 'Stops a job that waits or runs; needs the role operator unless it is a test. One that has ended stays as it is.',
  params: z.object({ id: idParam.describe('The job.') }),
  answer: z.object({ status: states.describe('As it is now; a running job ends as killed within its grace time.') }),
  run: async (context, { id }) => {
    await ownJob(context, id);
    return stopJob(context.services, context.user, id);
  },
});

export const getJobStatus = defineMethod('idx.getJobStatus', {
  role: 'viewer',
  summary: 'One job with its newest log lines, what each step did, and its errors, equal ones counted together.',
  params: z.object({ id: idParam.describe('The job.') }),
  answer: z.object({ result: anyObject }),
  run: async (context, { id }) => {
    const { services } = context;
    const job = await ownJob(context, id);
    const { rows } = await services.pool.query<JobStatusRow>(
      `SELECT ${JOB_COLUMNS} FROM job AS j LEFT JOIN schedule AS s ON s.id = j."schedulingId" WHERE j.id = $1`,
      [id],
    );
    const [row] = rows;
    if (!row) throw missing(id);
    const { steps, errors } = snapshotOf(job);
    const traces = await tracesOf(services.pool, [id], TRACE_LINES);
    return { result: { ...jobObject(row, traces.get(id) ?? []), state: row.status, test: job.test, stepMetrics: steps, errors } };
  },
});

async function ownJob({ services, site }: CallContext, id: string): Promise<StoredJob> {
  const job = await findJob(services.pool, id);
  if (job.apiKey !== site.apiKey) throw missing(id);
  return job;
}

const missing = (id: string) => new ApiError(404000, `There is no job ${id}.`);
