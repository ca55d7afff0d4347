import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { searchFaults } from '#connectors/gigya/faults.ts';
import { excludeEmptyFields, pageSize, whereParam } from '#connectors/gigya/params.ts';
import { readSearch } from '#connectors/gigya/read-search.ts';
import { deltaConditions, searchQuery } from '#connectors/gigya/search-query.ts';
import { isAggregate, parseSelectList } from '#connectors/gigya/select-list.ts';
import { projector, shaperOf } from '#connectors/gigya/shape-selected.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { ConfigError, defineRecordReader } from '#dataflow';

export default defineRecordReader({
  type: 'datasource.read.gigya.audit',
  title: 'Read the audit log',
  summary: 'Extracts events of the audit log, such as deleted accounts, by default those since the last successful run.',
  notes: [
    'Reads `audit.search` by cursor. An event has `@timestamp`, `callID`, `endpoint`, `errCode` (a text), `errMessage`, `errDetails`, `uid`, `apikey`, `userKey`, `userKeyDetails`, `sourceIP`, `httpReq`, `userAgent` and `params`. Names are case-sensitive.',
    '',
    '- The platform gives whole events only; the fields of `select` are picked here, aliases included (`@timestamp AS time`).',
    '- **Delta**: `@timestamp` later than the last successful run, less 30 seconds, since events too are seen by searches a little later. So an event may be read by two runs, and none is missed. The original’s delta field was not found.',
    '- A selected field that an event lacks is `null`; with `excludeEmptyFields` it is left out.',
    '- To pass deletions on: `endpoint = "accounts.deleteAccount" AND errCode = "0"`; `uid` or `params.UID` tells who was deleted.',
  ].join('\n'),
  faults: searchFaults,
  limits: [
    'Calls made with an application’s key are not in the audit log.',
    'Events are kept for 12 months unless the site says otherwise.',
    'A page holds at most 1000 events.',
  ],
  params: z.object({
    select: z
      .string()
      .min(1)
      .meta({
        title: 'Fields',
        help: 'Comma separated fields; aliases with AS work; * takes whole events.',
        examples: ['*', 'uid, endpoint, @timestamp AS time'],
        language: 'gigya-query',
        source: 'doc',
      }),
    from: z.enum(['auditLog']).default('auditLog').meta({ title: 'Log', help: 'There is one: auditLog.', advanced: true, source: 'inf' }),
    where: whereParam('endpoint = "accounts.deleteAccount" AND errCode = "0"'),
    deltaField: z.string().min(1).default('@timestamp').meta({
      title: 'Delta field',
      help: 'Only events whose value, an ISO time, is newer than the last successful run are read, unless the job pulls all records.',
      advanced: true,
      source: 'choice',
    }),
    batchSize: pageSize(),
    excludeEmptyFields: excludeEmptyFields(),
    ...otherSiteParams,
  }),
  examples: [
    { title: 'Accounts that were deleted', params: { select: 'uid', where: 'endpoint = "accounts.deleteAccount" AND errCode = "0"' } },
    { title: 'Failed sign-ins', params: { select: '*', where: 'endpoint = "accounts.login" AND errCode != "0"', batchSize: 1000 } },
  ],
  connect: async (params, ctx) =>
    openGigya(siteOf(params, ctx), ctx, {
      connections: 2,
      probe: { method: 'audit.search', params: { query: 'SELECT * FROM auditLog LIMIT 1' } },
    }),
  async *read({ params, connection, job, step, expect, log }) {
    const columns = parseSelectList(params.select);
    if (columns.some(isAggregate)) {
      throw new ConfigError('The audit log knows no count(*) and the like: select fields, or *.', {
        code: 'invalidParameter',
        step,
        field: 'params.select',
      });
    }
    const conditions = deltaConditions(params.deltaField, job, 'text');
    const query = searchQuery({ ...params, select: '*', conditions }, { job, step });
    log.info(`Searching: ${query}`);
    const pick = projector(columns);
    const shapeOne = shaperOf(columns, { ...params, keepFieldNamesWithDotAsIs: true });
    const shape = (found: Parameters<typeof pick>[0][]) => {
      const events = found.map(pick);
      events.forEach(shapeOne);
      return events;
    };
    yield* readSearch(connection, { method: 'audit.search', query, batchSize: params.batchSize, expect, shape });
  },
});
