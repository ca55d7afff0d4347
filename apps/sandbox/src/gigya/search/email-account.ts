import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../json.ts';

/** How the fields of an emailAccounts record come from its account and address; all others are copied from the account. */
const ownFields: Readonly<Record<string, (email: string) => Json>> = {
  email: (email) => email,
  token: (email) => createHash('sha256').update(`email ${email}`).digest('hex').slice(0, 40),
  hasFullAccount: () => true,
  hasLiteAccount: () => false,
};

const copiedFields = [
  'UID',
  'profile',
  'data',
  'subscriptions',
  'preferences',
  'created',
  'createdTimestamp',
  'lastUpdated',
  'lastUpdatedTimestamp',
];

/** All fields of an emailAccounts record. */
export const emailAccountFields: ReadonlySet<string> = new Set([...Object.keys(ownFields), ...copiedFields]);

/** The account's fields that the record's `fields` are made of. */
export function accountFieldsFor(fields: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(['profile', ...copiedFields.filter((name) => fields.has(name))]);
}

/** The record of an account in `emailAccounts`; nothing for an account without a mail address. */
export function emailAccountOf(account: JsonObject, fields: ReadonlySet<string>): JsonObject | undefined {
  const email = isObject(account.profile) ? account.profile.email : undefined;
  if (typeof email !== 'string') return undefined;
  const record: JsonObject = {};
  for (const [name, make] of Object.entries(ownFields)) if (fields.has(name)) record[name] = make(email);
  for (const name of copiedFields) if (fields.has(name) && account[name] !== undefined) record[name] = account[name];
  return record;
}
