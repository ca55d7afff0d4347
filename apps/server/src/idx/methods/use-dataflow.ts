import { keepMasked } from '@idsync/engine/dataflow';
import { z } from 'zod';
import { checkValue, hasErrors, lookup } from '../../dataflows/check-document.ts';
import { removeDataflow } from '../../dataflows/remove-dataflow.ts';
import { openDocument } from '../../dataflows/stored-document.ts';
import { dataflowObject } from '../objects/dataflow-object.ts';
import { ownDataflow, readDataflow } from './dataflow-data.ts';
import { anyObject, defineMethod, idParam, noFields } from './method.ts';

export const getDataflow = defineMethod('idx.getDataflow', {
  role: 'viewer',
  summary: 'One dataflow, published or draft, secrets masked.',
  params: z.object({ id: idParam }),
  answer: z.object({ result: anyObject }),
  run: async (context, { id }) => {
    const row = await ownDataflow(context, id);
    return { result: dataflowObject({ ...row, siteId: context.site.siteId }, context.services.secrets) };
  },
});

export const deleteDataflow = defineMethod('idx.deleteDataflow', {
  role: 'editor',
  summary: 'Removes a dataflow with its schedules, and the drafts of the same name. Refused while one of its jobs waits or runs.',
  params: z.object({ id: idParam }),
  answer: noFields,
  run: async (context, { id }) => {
    const { services, site } = context;
    const row = await ownDataflow(context, id);
    await removeDataflow(services, id);
    if (row.keptAsDraft) return {};
    const where = { apiKey: site.apiKey, name: row.name, keptAsDraft: true, removedAt: null };
    for (const draft of await services.prisma.dataflow.findMany({ where, select: { id: true } })) await removeDataflow(services, draft.id);
    return {};
  },
});

export const validateDataflow = defineMethod('idx.validateDataflow', {
  role: 'viewer',
  summary: 'Tells what is wrong with a dataflow, without storing it. With the id of a stored one, masks stand for its secrets.',
  params: z.object({ data: z.string() }),
  answer: z.object({ valid: z.boolean(), issues: z.array(anyObject) }),
  run: async (context, { data }) => {
    const sent = readDataflow(data);
    if (sent.id === undefined) return { valid: !hasErrors(sent.issues), issues: sent.issues.map((issue) => ({ ...issue })) };
    const row = await ownDataflow(context, sent.id);
    const { issues } = checkValue(keepMasked(sent.document, openDocument(row.document, context.services.secrets, row.id), lookup));
    return { valid: !hasErrors(issues), issues: issues.map((issue) => ({ ...issue })) };
  },
});
