import type { Condition, Literal } from '../query/syntax.ts';

const addressPaths = new Set([
  'email',
  'profile.email',
  'loginIDs.emails',
  'loginIDs.unverifiedEmails',
  'emails.verified',
  'emails.unverified',
]);

/** Finds the rows that may hold something, without looking at every row. */
export interface RowFinder {
  rowsOfUids(uids: readonly string[]): number[];
  /** In any letter case. */
  rowsOfLogins(addresses: readonly string[]): number[];
}

/**
 * The only rows that can fit a condition which asks for certain UIDs or mail addresses, in ascending order;
 * nothing when every row has to be looked at.
 */
export function narrow(condition: Condition, finder: RowFinder): number[] | undefined {
  const rows = candidates(condition, finder);
  return rows && [...new Set(rows)].sort((a, b) => a - b);
}

function candidates(condition: Condition, finder: RowFinder): number[] | undefined {
  switch (condition.kind) {
    case 'and': {
      const narrowed = condition.parts.map((part) => candidates(part, finder)).filter((rows) => rows !== undefined);
      return narrowed.sort((a, b) => a.length - b.length)[0];
    }
    case 'or': {
      const parts = condition.parts.map((part) => candidates(part, finder));
      return parts.every((rows) => rows !== undefined) ? parts.flat() : undefined;
    }
    case 'compare':
      return condition.operator === '=' ? rowsWith(condition.path, [condition.value], finder) : undefined;
    case 'contains':
      return addressPaths.has(condition.path) ? rowsWith(condition.path, [condition.value], finder) : undefined;
    case 'in':
      return rowsWith(condition.path, condition.values, finder);
    default:
      return undefined;
  }
}

function rowsWith(path: string, values: readonly Literal[], finder: RowFinder): number[] | undefined {
  if (!values.every((value) => typeof value === 'string')) return undefined;
  if (path === 'UID') return finder.rowsOfUids(values);
  return addressPaths.has(path) ? finder.rowsOfLogins(values) : undefined;
}
