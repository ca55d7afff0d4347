import type { JsonObject } from '../../json.ts';
import type { Account } from '../../population/account.ts';
import { isEncrypted } from '../query/encrypted-fields.ts';
import { compileCondition, pathsOf } from '../query/evaluate.ts';
import { syntaxError } from '../query/lexer.ts';
import { compileProjection } from '../query/projection.ts';
import type { Query } from '../query/syntax.ts';
import type { SearchIndex } from '../store/search-index.ts';
import { emailAccountOf } from './email-account.ts';

/** A query made ready to run. */
export interface SearchPlan {
  query: Query;
  matches(record: JsonObject): boolean;
  /** The searched record of a row, with what condition, order and aggregates need. */
  candidateAt(row: number): JsonObject | undefined;
  /** The selected fields of a row, nothing when the account is gone. */
  resultAt(row: number): JsonObject | undefined;
}

const hiddenIn = {
  accounts: new Set(['password', 'subscriptions']),
  emailAccounts: new Set(['password']),
} as const;

export function planSearch(query: Query, index: SearchIndex): SearchPlan {
  for (const { path } of query.orderBy) {
    if (isEncrypted(path)) throw syntaxError(`ORDER BY cannot be used on the encrypted field ${path}`, 0);
  }
  const project = compileProjection(query.select, hiddenIn[query.source]);
  const recordAt =
    (fields: ReadonlySet<string> | undefined) =>
    (row: number): JsonObject | undefined => {
      const account = index.accountAt(row, query.source === 'accounts' ? fields : undefined);
      return account && (query.source === 'accounts' ? account : emailAccountOf(account));
    };
  const resultRecordAt = recordAt(selectedFields(query));
  const condition = query.where ? compileCondition(query.where) : undefined;
  return {
    query,
    matches: (record) => !condition || condition(record as Account),
    candidateAt: recordAt(candidateFields(query)),
    resultAt: (row) => {
      const record = resultRecordAt(row);
      return record && project(record);
    },
  };
}

function candidateFields({ where, orderBy, select }: Query): ReadonlySet<string> {
  const paths = [
    ...(where ? pathsOf(where) : []),
    ...orderBy.map(({ path }) => path),
    ...select.flatMap((item) => (item.kind === 'aggregate' ? [item.path] : [])),
  ];
  return new Set(paths.map(topOf));
}

function selectedFields({ select }: Query): ReadonlySet<string> | undefined {
  if (select.some(({ kind }) => kind === 'all')) return undefined;
  return new Set(select.flatMap((item) => (item.kind === 'path' ? [topOf(item.path)] : [])));
}

function topOf(path: string): string {
  return path.split('.', 1)[0] ?? path;
}
