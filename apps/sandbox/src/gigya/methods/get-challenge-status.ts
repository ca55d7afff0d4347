import { ApiError } from '../api-error.ts';
import { challengeIds } from '../store/challenge-states.ts';
import type { Method } from './method.ts';
import { targetAccount } from './target.ts';

/** How far an account is in the challenges asked for; excluded ones win over included ones. */
export const getChallengeStatus: Method = {
  name: 'gm.getChallengeStatus',
  writes: false,
  handle: (params, site) => {
    const { UID } = targetAccount(params, site);
    const included = listed(params.text('includeChallenges') ?? '*');
    const excluded = listed(params.text('excludeChallenges') ?? '');
    const details = (params.text('details') ?? 'basic').toLowerCase();
    if (details !== 'basic' && details !== 'full')
      throw new ApiError(400006, `Invalid argument: details must be basic or full, not ${details}`);
    const wanted = challengeIds.filter((id) => (included.includes('*') || included.includes(id)) && !excluded.includes(id));
    return { achievements: site.challenges.achievementsOf(UID, { challengeIds: wanted, full: details === 'full' }) };
  },
};

function listed(text: string): string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const unknown = ids.find((id) => id !== '*' && !challengeIds.includes(id));
  if (unknown !== undefined) throw new ApiError(400006, `Invalid argument: there is no challenge ${unknown}`);
  return ids;
}
