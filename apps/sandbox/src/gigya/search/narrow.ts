import type { Condition, Literal } from '../query/syntax.ts';
import type { SearchIndex } from '../store/search-index.ts';

const addressPaths = new Set([
  'email',
  'profile.email',
  'loginIDs.emails',
  'loginIDs.unverifiedEmails',
  'emails.verified',
  'emails.unverified',
]);

/**
 * The only rows that can fit a condition which asks for certain UIDs or mail addresses, in ascending order;
 * nothing when every row has to be looked at.
 */
export function narrow(condition: Condition, index: SearchIndex): number[] | undefined {
  const rows = candidates(condition, index);
  return rows && [...new Set(rows)].sort((a, b) => a - b);
}

function candidates(condition: Condition, index: SearchIndex): number[] | undefined {
  switch (condition.kind) {
    case 'and': {
      const narrowed = condition.parts.map((part) => candidates(part, index)).filter((rows) => rows !== undefined);
      return narrowed.sort((a, b) => a.length - b.length)[0];
    }
    case 'or': {
      const parts = condition.parts.map((part) => candidates(part, index));
      return parts.every((rows) => rows !== undefined) ? parts.flat() : undefined;
    }
    case 'compare':
      return condition.operator === '=' ? rowsWith(condition.path, [condition.value], index) : undefined;
    case 'in':
      return rowsWith(condition.path, condition.values, index);
    default:
      return undefined;
  }
}

function rowsWith(path: string, values: readonly Literal[], index: SearchIndex): number[] | undefined {
  if (!values.every((value) => typeof value === 'string')) return undefined;
  if (path === 'UID') return values.map((uid) => index.rowOf(uid)).filter((row) => row !== undefined);
  return addressPaths.has(path) ? index.rowsOfLogins(values) : undefined;
}
