import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import { checkValue } from './check-document.ts';
import { createDataflow, importDataflow } from './create-dataflow.ts';
import { duplicateDataflow } from './duplicate-dataflow.ts';
import { exportDataflow } from './export-dataflow.ts';
import { getDataflow } from './get-dataflow.ts';
import { apiKeyInput, documentInput, idInput, jsonInput, layoutInput, stepInput } from './inputs.ts';
import { listDataflows } from './list-dataflows.ts';
import { listTemplates } from './list-templates.ts';
import { removeDataflow } from './remove-dataflow.ts';
import { renameDataflow } from './rename-dataflow.ts';
import { saveDataflow } from './save-dataflow.ts';
import { testConnection } from './test-connection.ts';
import { testScript } from './test-script.ts';

const byId = z.object({ id: idInput });
const bySite = z.object({ apiKey: apiKeyInput });

export const dataflowsRouter = router({
  list: procedure
    .meta({ role: 'viewer' })
    .input(bySite)
    .query(({ ctx, input }) => listDataflows(ctx.services, input.apiKey)),
  get: procedure
    .meta({ role: 'viewer' })
    .input(byId)
    .query(({ ctx, input }) => getDataflow(ctx.services, input.id)),
  export: procedure
    .meta({ role: 'viewer' })
    .input(byId)
    .query(({ ctx, input }) => exportDataflow(ctx.services, input.id)),
  templates: procedure.meta({ role: 'viewer' }).query(() => listTemplates()),
  check: procedure
    .meta({ role: 'viewer' })
    .input(z.object({ document: documentInput }))
    .mutation(({ input }) => ({ issues: checkValue(input.document).issues })),
  create: procedure
    .meta({ role: 'editor' })
    .input(bySite.extend({ document: documentInput, layout: layoutInput.optional() }))
    .mutation(({ ctx, input }) => createDataflow(ctx.services, ctx.user, input)),
  import: procedure
    .meta({ role: 'editor' })
    .input(bySite.extend({ text: z.string() }))
    .mutation(({ ctx, input }) => importDataflow(ctx.services, ctx.user, input)),
  save: procedure
    .meta({ role: 'editor' })
    .input(byId.extend({ document: documentInput, layout: layoutInput, baseVersion: z.number().int() }))
    .mutation(({ ctx, input }) => saveDataflow(ctx.services, ctx.user, input)),
  rename: procedure
    .meta({ role: 'editor' })
    .input(byId.extend({ name: z.string().trim().min(1).max(200), description: z.string().max(2000) }))
    .mutation(({ ctx, input }) => renameDataflow(ctx.services, ctx.user, input)),
  duplicate: procedure
    .meta({ role: 'editor' })
    .input(byId)
    .mutation(({ ctx, input }) => duplicateDataflow(ctx.services, ctx.user, input.id)),
  remove: procedure
    .meta({ role: 'editor' })
    .input(byId)
    .mutation(({ ctx, input }) => removeDataflow(ctx.services, input.id)),
  testScript: procedure
    .meta({ role: 'editor' })
    .input(
      z.object({
        script: z.string().max(1_000_000),
        ecmaVersion: z.enum(['5.1', '12']),
        notifyLastRecord: z.boolean(),
        input: z.array(jsonInput).max(1000),
      }),
    )
    .mutation(({ input }) => testScript(input)),
  testConnection: procedure
    .meta({ role: 'editor' })
    .input(z.object({ dataflowId: idInput.optional(), apiKey: apiKeyInput.optional(), step: stepInput }))
    .mutation(({ ctx, input }) => testConnection(ctx.services, input)),
});
