import type { Account } from '../../population/account.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import type { SiteState } from './method.ts';

/** The account that `UID` names. Throws 400002, 404003, or 400096 for calls with a registration token, which this site never gives out. */
export function targetAccount(params: Parameters, { accounts }: SiteState): Account {
  if (params.text('UID') === undefined && params.text('regToken') !== undefined) {
    throw new ApiError(400096, 'regToken is not supported, send UID');
  }
  const uid = params.required('UID');
  const account = accounts.get(uid);
  if (!account) throw new ApiError(404003, `There is no account with UID ${uid}`);
  return account;
}
