import type { SourceFinder } from './parser.ts';

/** What accounts.search looks through. */
export type AccountSource = 'accounts' | 'emailAccounts';

/** A finder among fixed names, in any letter case. */
const among =
  <Source extends string>(...known: Source[]): SourceFinder<Source> =>
  (name) =>
    known.find((one) => one.toLowerCase() === name.toLowerCase());

export const accountSources = among<AccountSource>('accounts', 'emailAccounts');
export const commentSources = among('streams', 'comments');
export const auditSources = among('auditLog');
/** Every name of a Data Store type; one that holds nothing is searched and nothing found. */
export const anySource: SourceFinder<string> = (name) => name;
