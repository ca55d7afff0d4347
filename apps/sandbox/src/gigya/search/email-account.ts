import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../../json.ts';
import type { Account } from '../../population/account.ts';

const copied = [
  'UID',
  'profile',
  'data',
  'subscriptions',
  'preferences',
  'created',
  'createdTimestamp',
  'lastUpdated',
  'lastUpdatedTimestamp',
] as const;

/** The record of an account in `emailAccounts`; nothing for an account without a mail address. */
export function emailAccountOf(account: Account): JsonObject | undefined {
  const email = isObject(account.profile) ? account.profile.email : undefined;
  if (typeof email !== 'string') return undefined;
  const record: JsonObject = {
    email,
    token: createHash('sha256').update(`email ${email}`).digest('hex').slice(0, 40),
    hasFullAccount: true,
    hasLiteAccount: false,
  };
  for (const name of copied) if (account[name] !== undefined) record[name] = account[name];
  return record;
}
