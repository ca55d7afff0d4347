import { isObject } from '../../json.ts';
import { generatedFields } from '../../population/population.ts';
import { pathsOf } from '../query/evaluate.ts';
import type { AccountSource } from '../query/sources.ts';
import type { Query } from '../query/syntax.ts';
import type { LiteAccount, LiteStore } from '../store/lite-store.ts';
import type { SearchIndex } from '../store/search-index.ts';
import { accountFieldsFor, emailAccountFields, emailAccountOf, liteAccountOf } from './email-account.ts';
import { narrow, type RowFinder } from './narrow.ts';
import type { Rows } from './search-plan.ts';

/** What a search of each source never shows. */
export const hiddenIn: Readonly<Record<AccountSource, ReadonlySet<string>>> = {
  accounts: new Set(['password', 'subscriptions']),
  emailAccounts: new Set(['password']),
};

const shownAccountFields: ReadonlySet<string> = new Set([...generatedFields].filter((name) => !hiddenIn.accounts.has(name)));
/** Rows from here on are lite accounts, so that neither kind moves the rows of the other. */
const firstLiteRow = 2 ** 31;

export interface AccountRecords {
  index: SearchIndex;
  lite: LiteStore;
}

/** The rows of `accounts`, or those of `emailAccounts`: full accounts with a mail address, then lite accounts of other addresses. */
export function accountRows(query: Query<AccountSource>, { index, lite }: AccountRecords): Rows {
  const reader = query.source === 'accounts' ? accountReader(index) : emailAccountReader(index, lite);
  const withLite = query.source === 'emailAccounts';
  const accountCount = index.refresh();
  const liteCount = withLite ? lite.rowCount : 0;
  return {
    count: () => accountCount + liteCount,
    at: (place) => (place < accountCount ? place : firstLiteRow + place - accountCount),
    narrowed: () => query.where && narrow(query.where, withLite ? liteToo(index, lite) : index),
    candidateAt: reader(candidateFields(query)),
    selectedAt: reader(selectedFields(query)),
  };
}

type Reader = (fields: ReadonlySet<string> | undefined) => Rows['candidateAt'];

/** Reads the records of a source; without `fields` whole ones. */
const accountReader =
  (index: SearchIndex): Reader =>
  (fields) =>
  (row) =>
    index.accountAt(row, fields);

function emailAccountReader(index: SearchIndex, lite: LiteStore): Reader {
  return (fields) => {
    const recordFields = fields ?? emailAccountFields;
    const accountFields = accountFieldsFor(recordFields);
    return (row) => {
      if (row >= firstLiteRow) {
        const account = lite.at(row - firstLiteRow);
        return account && !hasFullAccount(account, index) ? liteAccountOf(account, recordFields) : undefined;
      }
      const account = index.accountAt(row, accountFields);
      return account && emailAccountOf(account, recordFields, lite);
    };
  };
}

const profileOnly: ReadonlySet<string> = new Set(['profile']);

/** A full account of the same address is what emailAccounts shows; the lite one is only told by its `hasLiteAccount`. */
function hasFullAccount({ email }: LiteAccount, index: SearchIndex): boolean {
  return index.rowsOfLogins([email]).some((row) => {
    const profile = index.accountAt(row, profileOnly)?.profile;
    return isObject(profile) && String(profile.email).toLowerCase() === email.toLowerCase();
  });
}

function liteToo(index: SearchIndex, lite: LiteStore): RowFinder {
  const withLite = (rows: number[], liteRows: number[]) => [...rows, ...liteRows.map((row) => firstLiteRow + row)];
  return {
    rowsOfUids: (uids) => withLite(index.rowsOfUids(uids), lite.rowsOfUids(uids)),
    rowsOfLogins: (addresses) => withLite(index.rowsOfLogins(addresses), lite.rowsOfEmails(addresses)),
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

function selectedFields({ select, source }: Query<AccountSource>): ReadonlySet<string> | undefined {
  if (select.some(({ kind }) => kind === 'all')) return source === 'accounts' ? shownAccountFields : undefined;
  return new Set(select.flatMap((item) => (item.kind === 'path' ? [topOf(item.path)] : [])));
}

function topOf(path: string): string {
  return path.split('.', 1)[0] ?? path;
}
