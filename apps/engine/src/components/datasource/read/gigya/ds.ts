import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { searchFaults } from '#connectors/gigya/faults.ts';
import { excludeEmptyFields, keepFieldNamesWithDotAsIs, pageSize, whereParam } from '#connectors/gigya/params.ts';
import { readSearch } from '#connectors/gigya/read-search.ts';
import { deltaConditions, searchQuery } from '#connectors/gigya/search-query.ts';
import { isAggregate, parseSelectList } from '#connectors/gigya/select-list.ts';
import { shaperOf } from '#connectors/gigya/shape-selected.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { defineRecordReader } from '#dataflow';

/** Fields that hold ISO text: the platform's own `…Time` twins, and fields of the data that are typed as dates. */
const isText = (field: string): boolean => /(?:Time|_d)$/.test(field);

export default defineRecordReader({
  type: 'datasource.read.gigya.ds',
  title: 'Read the Data Store',
  summary: 'Extracts objects of a Data Store type, by default those that changed since the last successful run.',
  notes: [
    'Reads `ds.search` by cursor. A record has `oid`, `UID` (of objects that belong to an account), `data`, and the times `created` and `lastUpdated` in milliseconds with their text twins `createdTime` and `lastUpdatedTime`, as far as they are selected.',
    '',
    '- **Delta**: `deltaField` later than the last successful run, less 30 seconds, which is how long a change may stay unseen by searches. The original’s default was not found; `lastUpdated` is the field that moves with every change. A field whose name ends in `Time` or `_d` is compared as ISO text, any other as milliseconds.',
    '- A selected field that an object lacks is `null`; with `excludeEmptyFields` it is left out.',
    '- Time marks in `where` are filled with milliseconds when the job pulls all records; in other jobs they are refused.',
    '- What is read can be written back by `datasource.write.gigya.ds`, which takes `oid`, `UID` and `data` from the record.',
  ].join('\n'),
  faults: searchFaults,
  limits: ['A page holds at most 1000 objects.', 'A type that does not exist gives no records, not an error.'],
  params: z.object({
    select: z
      .string()
      .min(1)
      .meta({
        title: 'Fields',
        help: 'Comma separated fields or objects, as in the platform’s search language; * takes all.',
        examples: ['*', 'oid, UID, data.total_f AS total'],
        language: 'gigya-query',
        source: 'doc',
      }),
    from: z
      .string()
      .min(1)
      .meta({ title: 'Type', help: 'Type of the Data Store to read.', examples: ['order'], source: 'doc' }),
    where: whereParam('data.isPaid_b = true', 'UID IS NOT NULL'),
    deltaField: z.string().min(1).default('lastUpdated').meta({
      title: 'Delta field',
      help: 'Only objects whose value is newer than the last successful run are read, unless the job pulls all records.',
      source: 'choice',
    }),
    batchSize: pageSize(),
    excludeEmptyFields: excludeEmptyFields(),
    keepFieldNamesWithDotAsIs: keepFieldNamesWithDotAsIs(),
    ...otherSiteParams,
  }),
  examples: [
    { title: 'All orders that changed', params: { select: '*', from: 'order' } },
    {
      title: 'Paid orders of accounts',
      params: { select: 'oid, UID, data', from: 'order', where: 'data.isPaid_b = true AND UID IS NOT NULL' },
    },
  ],
  connect: async (params, ctx) =>
    openGigya(siteOf(params, ctx), ctx, {
      connections: 2,
      probe: { method: 'ds.search', params: { query: `SELECT oid FROM ${params.from} LIMIT 1` } },
    }),
  async *read({ params, connection, job, step, expect, log }) {
    const columns = parseSelectList(params.select);
    const conditions = deltaConditions(params.deltaField, job, isText(params.deltaField) ? 'text' : 'milliseconds');
    const query = searchQuery({ ...params, conditions }, { job, step });
    log.info(`Searching: ${query}`);
    const shapeOne = shaperOf(columns, params);
    yield* readSearch(connection, {
      method: 'ds.search',
      query,
      batchSize: params.batchSize,
      isOnePage: columns.some(isAggregate),
      expect,
      shape: (found) => {
        found.forEach(shapeOne);
        return found;
      },
    });
  },
});
