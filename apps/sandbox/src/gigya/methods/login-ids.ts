import { isObject, type JsonObject } from '../../json.ts';
import { type Account, listOf, loginIdsOf } from '../../population/account.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import type { AccountStore } from '../store/account-store.ts';

/** Throws `errorCode` when somebody else signs in with one of the account's names. */
export function refuseTakenLogins(account: Account, accounts: AccountStore, errorCode: number): void {
  for (const loginId of loginIdsOf(account)) {
    const owner = accounts.ownerOf(loginId);
    if (owner !== undefined && owner !== account.UID)
      throw new ApiError(errorCode, `The login identifier ${loginId} belongs to another account`);
  }
}

/** The account's login ids after `username`, `addLoginEmails` and `removeLoginEmails`; new addresses are unverified. */
export function changedLoginIds(account: Account, params: Parameters): JsonObject | undefined {
  const username = params.text('username');
  const added = addressesIn(params, 'addLoginEmails');
  const removed = addressesIn(params, 'removeLoginEmails');
  if (username === undefined && added.length === 0 && removed.length === 0) return undefined;
  const old = isObject(account.loginIDs) ? account.loginIDs : {};
  const has = new Set(loginIdsOf(account));
  const missing = removed.find((email) => !has.has(email.toLowerCase()));
  if (missing !== undefined) throw new ApiError(403047, `The account does not sign in with ${missing}`);
  const gone = new Set(removed.map((email) => email.toLowerCase()));
  const kept = (list: JsonObject[string]) => listOf(list).filter((email) => !gone.has(String(email).toLowerCase()));
  return {
    ...old,
    ...(username === undefined ? {} : { username }),
    emails: kept(old.emails),
    unverifiedEmails: [...kept(old.unverifiedEmails), ...added.filter((email) => !has.has(email.toLowerCase()))],
  };
}

/** One address as text, or a JSON array of them. */
function addressesIn(params: Parameters, name: string): string[] {
  const text = params.text(name);
  if (text === undefined) return [];
  return text.startsWith('[') ? listOf(params.json(name)).map(String) : text.split(',').map((email) => email.trim());
}
