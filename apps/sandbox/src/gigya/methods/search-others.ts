import { ApiError } from '../api-error.ts';
import { parseQuery, type SourceFinder } from '../query/parser.ts';
import { anySource, auditSources, commentSources } from '../query/sources.ts';
import type { Query } from '../query/syntax.ts';
import { answerSearch } from '../search/answer-search.ts';
import { planSearch, type RecordList, rowsOf } from '../search/search-plan.ts';
import type { Method, SiteState } from './method.ts';

interface SearchMethod<Source extends string> {
  name: string;
  cursors: keyof SiteState['cursors'];
  sources: SourceFinder<Source>;
  listOf(site: SiteState, query: Query<Source>): RecordList;
}

const searchMethod = <Source extends string>({ name, cursors, sources, listOf }: SearchMethod<Source>): Method => ({
  name,
  writes: false,
  handle: (params, site) =>
    answerSearch(params, {
      cursors: site.cursors[cursors],
      plan: (text) => {
        const query = parseQuery(text, sources);
        return planSearch(query, rowsOf(listOf(site, query)));
      },
    }),
});

/** `FROM` names a type of the Data Store. */
export const searchObjects = searchMethod({
  name: 'ds.search',
  cursors: 'ds',
  sources: anySource,
  listOf: ({ objects }, { source }) => objects.listOf(source),
});

/** Only `SELECT *`, as the platform's page on audit.search says. */
export const searchAudit = searchMethod({
  name: 'audit.search',
  cursors: 'audit',
  sources: auditSources,
  listOf: ({ audit }, { select }) => {
    if (select.some(({ kind }) => kind !== 'all'))
      throw new ApiError(400006, 'Invalid argument: query: only SELECT * is possible in the audit log');
    return audit;
  },
});

/**
 * The platform documents no search of comments, yet its comment reader takes a condition over streams and comments: this
 * stand-in answers it like the searches of the other namespaces.
 */
export const searchComments = searchMethod({
  name: 'comments.search',
  cursors: 'comments',
  sources: commentSources,
  listOf: ({ comments }, { source }) => comments[source],
});
