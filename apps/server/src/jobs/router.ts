import { z } from 'zod';
import { apiKeyInput, idInput } from '../dataflows/inputs.ts';
import { procedure, router } from '../trpc.ts';
import { getJob } from './get-job.ts';
import { listJobs } from './list-jobs.ts';
import { readTrace } from './read-trace.ts';
import { runDataflow } from './run-dataflow.ts';
import { stopJob } from './stop-job.ts';
import { watchJob } from './watch-job.ts';

const byId = z.object({ id: idInput });
const logLevel = z.enum(['error', 'info', 'debug']);

export const jobsRouter = router({
  run: procedure
    .meta({ role: 'editor' })
    .input(
      z.object({
        dataflowId: idInput,
        test: z.boolean().optional(),
        fullExtract: z.boolean().optional(),
        limit: z.number().int().min(1).max(2_000_000_000).optional(),
        logLevel: logLevel.optional(),
      }),
    )
    .mutation(({ ctx, input }) => runDataflow(ctx.services, ctx.user, input)),
  list: procedure
    .meta({ role: 'viewer' })
    .input(
      z.object({
        apiKey: apiKeyInput,
        dataflowId: idInput.optional(),
        status: z.enum(['pending', 'running', 'succeeded', 'failed', 'killed']).optional(),
        query: z.string().max(1000).optional(),
        cursor: z
          .string()
          .max(500)
          .nullish()
          .transform((cursor) => cursor ?? undefined),
        limit: z.number().int().min(1).max(200).optional(),
      }),
    )
    .query(({ ctx, input }) => listJobs(ctx.services, input)),
  get: procedure
    .meta({ role: 'viewer' })
    .input(byId)
    .query(({ ctx, input }) => getJob(ctx.services, input.id)),
  trace: procedure
    .meta({ role: 'viewer' })
    .input(
      byId.extend({
        level: z.enum(['ERROR', 'WARN', 'INFO', 'DEBUG']).optional(),
        search: z.string().max(200).optional(),
        before: z.number().int().optional(),
        limit: z.number().int().min(1).max(1000).optional(),
      }),
    )
    .query(({ ctx, input }) => readTrace(ctx.services, input)),
  watch: procedure
    .meta({ role: 'viewer' })
    .input(byId.extend({ lastEventId: z.string().nullish() }))
    .subscription(({ ctx, input, signal }) => watchJob(ctx.services, input, signal ?? new AbortController().signal)),
  stop: procedure
    .meta({ role: 'editor' })
    .input(byId)
    .mutation(({ ctx, input }) => stopJob(ctx.services, ctx.user, input.id)),
});
