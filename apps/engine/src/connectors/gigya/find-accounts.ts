import { type DataRecord, FatalError } from '#dataflow';
import type { GigyaConnection } from './client.ts';
import { RefusedCall } from './outcome.ts';
import { LARGEST_PAGE, searchPages } from './search.ts';

/** More accounts than this for one batch of records: the fields looked up by tell nobody apart. */
const MOST_FOUND = 20_000;

export interface AccountSearch<Asked> {
  /** `SELECT … FROM …` */
  head: string;
  conditionOf(asked: readonly Asked[]): string;
}

export interface Findings<Asked> {
  accounts: DataRecord[];
  /** Those whose own values the platform does not accept. */
  refused: { asked: Asked; error: RefusedCall }[];
}

/**
 * Finds the accounts that many records ask for with one search. When the platform refuses it for what one of them asks, that
 * one is found by halving; when it refuses the field list itself, the job fails.
 */
export async function findAccounts<Asked>(
  gigya: GigyaConnection,
  asked: readonly Asked[],
  search: AccountSearch<Asked>,
): Promise<Findings<Asked>> {
  if (asked.length === 0) return { accounts: [], refused: [] };
  try {
    return { accounts: await allFound(gigya, `${search.head} WHERE ${search.conditionOf(asked)}`), refused: [] };
  } catch (thrown) {
    if (!(thrown instanceof RefusedCall)) throw thrown;
    await proveFieldList(gigya, search.head);
    return isolate(gigya, asked, search, thrown);
  }
}

async function isolate<Asked>(
  gigya: GigyaConnection,
  asked: readonly Asked[],
  search: AccountSearch<Asked>,
  error: RefusedCall,
): Promise<Findings<Asked>> {
  if (asked.length === 1) return { accounts: [], refused: asked.map((one) => ({ asked: one, error })) };
  const middle = asked.length >> 1;
  const findings: Findings<Asked> = { accounts: [], refused: [] };
  for (const half of [asked.slice(0, middle), asked.slice(middle)]) {
    const { accounts, refused } = await halfFound(gigya, half, search);
    for (const account of accounts) findings.accounts.push(account);
    findings.refused.push(...refused);
  }
  return findings;
}

async function halfFound<Asked>(gigya: GigyaConnection, half: readonly Asked[], search: AccountSearch<Asked>): Promise<Findings<Asked>> {
  try {
    return { accounts: await allFound(gigya, `${search.head} WHERE ${search.conditionOf(half)}`), refused: [] };
  } catch (thrown) {
    if (!(thrown instanceof RefusedCall)) throw thrown;
    return isolate(gigya, half, search, thrown);
  }
}

async function proveFieldList(gigya: GigyaConnection, head: string): Promise<void> {
  try {
    await gigya.read('accounts.search', { query: `${head} LIMIT 1` });
  } catch (thrown) {
    if (!(thrown instanceof RefusedCall)) throw thrown;
    throw new FatalError(`The platform refuses the search "${head}": ${thrown.message}. Mend the field list.`, {
      code: thrown.code,
      cause: thrown,
    });
  }
}

async function allFound(gigya: GigyaConnection, query: string): Promise<DataRecord[]> {
  const found: DataRecord[] = [];
  for await (const { results } of searchPages(gigya, { method: 'accounts.search', query, pageSize: LARGEST_PAGE })) {
    for (const account of results) found.push(account);
    if (found.length > MOST_FOUND) {
      throw new FatalError(`More than ${MOST_FOUND} accounts fit one batch of records. Look accounts up by fields that tell them apart.`, {
        code: 'limitExceeded',
      });
    }
  }
  return found;
}
