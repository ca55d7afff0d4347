import { z } from 'zod';
import { createDataflow as create } from '../../dataflows/create-dataflow.ts';
import { readDataflow, requireGraph, requireName } from './dataflow-data.ts';
import { defineMethod } from './method.ts';

const params = z.object({ data: z.string().describe('The dataflow as JSON: name, description, steps.') });
const answer = z.object({ id: z.string().describe('32 hexadecimal digits.') });

export const createDataflow = defineMethod('idx.createDataflow', {
  role: 'editor',
  summary: 'Creates a dataflow. It must be a graph of known components; parameters may still be incomplete, but then it cannot run.',
  params,
  answer,
  run: async ({ services, user, site }, { data }) => {
    const { document, issues } = readDataflow(data);
    requireName(document);
    requireGraph(issues);
    const { id } = await create(services, user, { apiKey: site.apiKey, document });
    return { id };
  },
});

export const createDataflowDraft = defineMethod('idx.createDataflowDraft', {
  role: 'editor',
  summary: 'Creates a dataflow that is kept as a draft, whatever is wrong with it. It cannot run until it is published.',
  params,
  answer,
  run: async ({ services, user, site }, { data }) => {
    const { document } = readDataflow(data);
    requireName(document);
    const { id } = await create(services, user, { apiKey: site.apiKey, document, keptAsDraft: true });
    return { id };
  },
});
