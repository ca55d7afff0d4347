import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import { parseQuery } from '../query/parser.ts';
import { accountSources } from '../query/sources.ts';
import { accountRows, hiddenIn } from '../search/account-rows.ts';
import { answerSearch } from '../search/answer-search.ts';
import { planSearch } from '../search/search-plan.ts';
import type { Method } from './method.ts';

export const searchAccounts: Method = {
  name: 'accounts.search',
  writes: false,
  handle: (params, { accounts, lite, cursors }) =>
    answerSearch(params, {
      cursors: cursors.accounts,
      plan: (text) => {
        const query = parseQuery(text, accountSources);
        const rows = accountRows(query, { index: accounts.index, lite });
        return planSearch(
          query,
          wantsFullAccounts(params) ? rows : { ...rows, count: () => 0, narrowed: () => [] },
          hiddenIn[query.source],
        );
      },
      refresh: () => accounts.index.refresh(),
    }),
};

/** `accountTypes` names full, lite or both; lite accounts are shown by emailAccounts only. */
function wantsFullAccounts(params: Parameters): boolean {
  const types = (params.text('accountTypes') ?? 'full').split(',').map((type) => type.trim().toLowerCase());
  const unknown = types.find((type) => type !== 'full' && type !== 'lite');
  if (unknown !== undefined) throw new ApiError(400006, `Invalid argument: accountTypes may hold full and lite, not ${unknown}`);
  return types.includes('full');
}
