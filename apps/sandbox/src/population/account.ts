import { isObject, type Json, type JsonObject } from '../json.ts';

export interface Account extends JsonObject {
  UID: string;
}

/** The names somebody can sign in with: user name and mail addresses, in lower case. */
export function loginIdsOf(account: Account): string[] {
  if (!isObject(account.loginIDs)) return [];
  const { username, emails, unverifiedEmails } = account.loginIDs;
  return [username, ...listOf(emails), ...listOf(unverifiedEmails)]
    .filter((id): id is string => typeof id === 'string')
    .map((id) => id.toLowerCase());
}

/** Provider and id at the provider of each social identity, as one text. */
export function identityKeysOf({ identities }: Account): string[] {
  return listOf(identities).flatMap((identity) =>
    isObject(identity) && typeof identity.provider === 'string' && identity.providerUID !== undefined
      ? [`${identity.provider.toLowerCase()} ${String(identity.providerUID)}`]
      : [],
  );
}

/** An array as it is, a single value as an array of one, nothing as an empty array. */
export function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
