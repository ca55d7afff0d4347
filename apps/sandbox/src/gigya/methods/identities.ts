import type { JsonObject } from '../../json.ts';
import { type Account, identityKeysOf, listOf } from '../../population/account.ts';
import { ApiError } from '../api-error.ts';
import type { AccountStore } from '../store/account-store.ts';

/**
 * Social identities of an imported account that other accounts have: `connect` takes them over from there and tells them,
 * else the import is refused. Which word the platform has for refusing was not found; it is what happens without one.
 */
export function settleIdentities(account: Account, { accounts, connect }: { accounts: AccountStore; connect: boolean }): JsonObject[] {
  const taken = identityKeysOf(account).filter((key) => ![undefined, account.UID].includes(accounts.ownerOfIdentity(key)));
  if (taken.length > 0 && !connect) throw new ApiError(409001, `Another account has the identity ${taken[0]}`);
  for (const key of taken) takeOver(key, accounts);
  return taken.map((key) => {
    const [provider = '', ...id] = key.split(' ');
    return { provider, providerUID: id.join(' ') };
  });
}

function takeOver(key: string, accounts: AccountStore): void {
  const owner = accounts.get(accounts.ownerOfIdentity(key) ?? '');
  if (!owner) return;
  const identities = listOf(owner.identities).filter(
    (identity) => !identityKeysOf({ UID: owner.UID, identities: [identity] }).includes(key),
  );
  accounts.put({ ...owner, identities });
}
