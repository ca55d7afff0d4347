import { isDeepStrictEqual } from 'node:util';
import { keepMasked, type Layout } from '@idsync/engine/dataflow';
import type { Dataflow } from '@idsync/prisma/types';
import { z } from 'zod';
import { lookup } from '../../dataflows/check-document.ts';
import { saveDataflow } from '../../dataflows/save-dataflow.ts';
import { openDocument } from '../../dataflows/stored-document.ts';
import { ApiError } from '../api-error.ts';
import { comparable } from '../objects/dataflow-object.ts';
import { type DataflowData, ownDataflow, readDataflow, refused, requireGraph, requireName } from './dataflow-data.ts';
import { type CallContext, defineMethod } from './method.ts';

const params = z.object({
  data: z.string().describe('The complete dataflow as JSON, with its id. What is left out is lost; a mask keeps the stored secret.'),
});
const answer = z.object({ version: z.number().int() });
const MOST_TRIES = 5;

export const setDataflow = defineMethod('idx.setDataflow', {
  role: 'editor',
  summary: 'Replaces a dataflow; a draft is published. One equal to the stored one is refused with 403200.',
  params,
  answer,
  run: (context, { data }) => {
    const sent = readDataflow(data);
    requireGraph(sent.issues);
    return replace(context, { sent, keptAsDraft: false });
  },
});

export const setDataflowDraft = defineMethod('idx.setDataflowDraft', {
  role: 'editor',
  summary: 'Replaces a dataflow that is kept as a draft, whatever is wrong with it.',
  params,
  answer,
  run: (context, { data }) => replace(context, { sent: readDataflow(data), keptAsDraft: true }),
});

interface Replacing {
  sent: DataflowData;
  keptAsDraft: boolean;
}

async function replace(context: CallContext, { sent, keptAsDraft }: Replacing): Promise<{ version: number }> {
  const { services, user } = context;
  if (sent.id === undefined) throw new ApiError(400002, 'Missing required parameter: data.id');
  requireName(sent.document);
  // The last one wins, as in the original: who is overtaken begins anew from the row that came in between.
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const row = await ownDataflow(context, sent.id);
    if (keptAsDraft && !row.keptAsDraft) throw new ApiError(404000, `There is no draft ${row.id}; it is published. Use idx.setDataflow.`);
    if (row.keptAsDraft === keptAsDraft && isUnchanged(context, row, sent)) throw new ApiError(403200, 'dataflow has not changed');
    const { document } = sent;
    const saved = await saveDataflow(services, user, {
      id: row.id,
      document,
      layout: row.layout as Layout,
      baseVersion: row.version,
      keptAsDraft,
    });
    if (saved.saved) return { version: saved.version };
    if (saved.reason === 'invalid') throw refused(saved.issues);
  }
  throw new ApiError(500001, 'Others change this dataflow all the time; try again.');
}

function isUnchanged({ services }: CallContext, row: Dataflow, { document }: DataflowData): boolean {
  const stored = openDocument(row.document, services.secrets, row.id);
  return isDeepStrictEqual(comparable(keepMasked(document, stored, lookup)), comparable(stored));
}
