import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { runSearch } from '../search/run-search.ts';
import { anyObject, defineMethod } from './method.ts';

export const search = defineMethod('idx.search', {
  role: 'viewer',
  summary: 'Searches dataflow, dataflow_draft, dataflow_version, dataflow_draft_version, scheduling, idx_job_status or script.',
  params: z.object({
    query: z.string().optional().describe('SELECT … FROM table [WHERE …] [ORDER BY f [ASC|DESC]] [START n] [LIMIT n]'),
    openCursor: z.string().optional().describe('`true` pages through everything.'),
    cursorId: z.string().optional().describe('The next page, from nextCursorId; without query.'),
  }),
  answer: z.object({
    result: z.array(anyObject).optional().describe('Left out without hits.'),
    resultCount: z.number().int(),
    totalCount: z.number().int().optional().describe('Left out without hits.'),
    nextCursorId: z.string().optional(),
  }),
  run: async ({ services, site: { apiKey } }, { query, openCursor, cursorId }) => {
    if (cursorId !== undefined && query !== undefined) throw new ApiError(400006, 'Invalid argument: send query or cursorId, not both.');
    if (cursorId !== undefined) return runSearch(services, { apiKey, cursorId });
    if (query === undefined) throw new ApiError(400002, 'Missing required parameter: query');
    return runSearch(services, { apiKey, query, openCursor: /^(?:true|1)$/i.test(openCursor ?? '') });
  },
});
