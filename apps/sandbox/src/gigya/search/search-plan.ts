import type { JsonObject } from '../../json.ts';
import { generatedFields } from '../../population/population.ts';
import { isEncrypted } from '../query/encrypted-fields.ts';
import { compileCondition, pathsOf } from '../query/evaluate.ts';
import { syntaxError } from '../query/lexer.ts';
import { compileProjection } from '../query/projection.ts';
import type { Query } from '../query/syntax.ts';
import type { SearchIndex } from '../store/search-index.ts';
import { accountFieldsFor, emailAccountFields, emailAccountOf } from './email-account.ts';
import { narrow } from './narrow.ts';

/** A query made ready to run. */
export interface SearchPlan {
  query: Query;
  matches(record: JsonObject): boolean;
  /** The only rows that can fit, or nothing when each has to be looked at. */
  narrowed(): number[] | undefined;
  /** The searched record of a row, with what condition, order and aggregates need. */
  candidateAt(row: number): JsonObject | undefined;
  /** The selected fields of a row, nothing when the account is gone. */
  resultAt(row: number): JsonObject | undefined;
}

const hiddenIn = {
  accounts: new Set(['password', 'subscriptions']),
  emailAccounts: new Set(['password']),
} as const;

const shownAccountFields: ReadonlySet<string> = new Set([...generatedFields].filter((name) => !hiddenIn.accounts.has(name)));

/** Throws ApiError 400006 when the query asks for what its fields cannot do. */
export function planSearch(query: Query, index: SearchIndex): SearchPlan {
  for (const { path, at } of query.orderBy) {
    if (isEncrypted(path)) throw syntaxError(`ORDER BY cannot be used on the encrypted field ${path}`, at);
  }
  const project = compileProjection(query.select, hiddenIn[query.source]);
  const condition = query.where ? compileCondition(query.where) : undefined;
  const selectedAt = recordReader(query, index, selectedFields(query));
  return {
    query,
    matches: (record) => !condition || condition(record),
    narrowed: () => query.where && narrow(query.where, index),
    candidateAt: recordReader(query, index, candidateFields(query)),
    resultAt: (row) => {
      const record = selectedAt(row);
      return record && project(record);
    },
  };
}

/** Reads the records of the query's source; without `fields` whole ones. */
function recordReader({ source }: Query, index: SearchIndex, fields: ReadonlySet<string> | undefined): SearchPlan['candidateAt'] {
  if (source === 'accounts') return (row) => index.accountAt(row, fields);
  const recordFields = fields ?? emailAccountFields;
  const accountFields = accountFieldsFor(recordFields);
  return (row) => {
    const account = index.accountAt(row, accountFields);
    return account && emailAccountOf(account, recordFields);
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

function selectedFields({ select, source }: Query): ReadonlySet<string> | undefined {
  if (select.some(({ kind }) => kind === 'all')) return source === 'accounts' ? shownAccountFields : undefined;
  return new Set(select.flatMap((item) => (item.kind === 'path' ? [topOf(item.path)] : [])));
}

function topOf(path: string): string {
  return path.split('.', 1)[0] ?? path;
}
