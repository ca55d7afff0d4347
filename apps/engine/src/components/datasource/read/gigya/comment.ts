import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { searchFaults } from '#connectors/gigya/faults.ts';
import { keepFieldNamesWithDotAsIs, whereParam } from '#connectors/gigya/params.ts';
import { readSearch } from '#connectors/gigya/read-search.ts';
import { deltaConditions, searchQuery } from '#connectors/gigya/search-query.ts';
import { shaperOf } from '#connectors/gigya/shape-selected.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { defineRecordReader } from '#dataflow';

/** Objects of one page when the flow does not say; both are seen in real flows. */
const usualPage = { streams: 300, comments: 100 } as const;

export default defineRecordReader({
  type: 'datasource.read.gigya.comment',
  title: 'Read comments',
  summary: 'Extracts the comment streams or the comments of a site.',
  notes: [
    'Asks `comments.search` for `SELECT * FROM streams` (or `comments`) with the flow’s condition, by cursor. The parameters are those of real flows; the method behind them stands in no public documentation, so its name, its cursors and its answer are taken to be those of the platform’s other searches.',
    '',
    '- A stream has `streamID`, `categoryID`, `status`, `createDate`, `commentCount`, `threadCount`, `streamTitle`, `streamURL`, `lastCommentTimestamp` …; a comment has `ID`, `streamID`, `categoryID`, `threadID`, `parentID`, `commentText`, `sender`, `timestamp`, votes and tags. Times are milliseconds since 1970.',
    '- Everything is read by every run unless `deltaField` is given: the original has no such parameter here. With it, only objects whose value is later than the last successful run, less 30 seconds, are read.',
  ].join('\n'),
  faults: searchFaults,
  limits: ['Users of the original measured 25,000 to 30,000 objects an hour.', 'A page holds at most 1000 objects.'],
  params: z.object({
    from: z.enum(['streams', 'comments']).meta({ title: 'Objects', help: 'Comment streams, or the comments in them.', source: 'obs' }),
    where: whereParam('categoryID = "comments"', 'streamID = "article-1"'),
    batchSize: z.int().min(1).max(10_000).optional().meta({
      title: 'Page size',
      help: 'Objects in one page; 300 streams or 100 comments when not given. The platform gives at most 1000; more is read as 1000.',
      advanced: true,
      source: 'obs',
    }),
    deltaField: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'Delta field',
        help: 'Field in milliseconds. Only objects whose value is newer than the last successful run are read, unless the job pulls all records.',
        examples: ['timestamp', 'lastCommentTimestamp'],
        source: 'choice',
      }),
    keepFieldNamesWithDotAsIs: keepFieldNamesWithDotAsIs(),
    ...otherSiteParams,
  }),
  examples: [
    { title: 'Streams of one category', params: { from: 'streams', where: 'categoryID = "comments"', batchSize: 300 } },
    { title: 'Comments since the last run', params: { from: 'comments', deltaField: 'timestamp' } },
  ],
  connect: async (params, ctx) =>
    openGigya(siteOf(params, ctx), ctx, {
      connections: 2,
      probe: { method: 'comments.search', params: { query: `SELECT * FROM ${params.from} LIMIT 1` } },
    }),
  async *read({ params, connection, job, step, expect, log }) {
    const { from, batchSize = usualPage[from], keepFieldNamesWithDotAsIs } = params;
    const conditions = deltaConditions(params.deltaField, job, 'milliseconds');
    const query = searchQuery({ ...params, select: '*', conditions }, { job, step });
    log.info(`Searching: ${query}`);
    const shapeOne = shaperOf([], { excludeEmptyFields: false, keepFieldNamesWithDotAsIs });
    yield* readSearch(connection, {
      method: 'comments.search',
      query,
      batchSize,
      expect,
      shape: (found) => {
        found.forEach(shapeOne);
        return found;
      },
    });
  },
});
