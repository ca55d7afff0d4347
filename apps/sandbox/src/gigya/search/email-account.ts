import { isObject, type Json, type JsonObject } from '../../json.ts';
import { emailTokenOf, type LiteAccount, type LiteStore } from '../store/lite-store.ts';

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
export const emailAccountFields: ReadonlySet<string> = new Set(['email', 'token', 'hasFullAccount', 'hasLiteAccount', ...copiedFields]);

/** The account's fields that the record's `fields` are made of. */
export function accountFieldsFor(fields: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(['profile', ...copiedFields.filter((name) => fields.has(name))]);
}

/** The record of an account in `emailAccounts`; nothing for an account without a mail address. */
export function emailAccountOf(account: JsonObject, fields: ReadonlySet<string>, lite: LiteStore): JsonObject | undefined {
  const email = isObject(account.profile) ? account.profile.email : undefined;
  if (typeof email !== 'string') return undefined;
  const own = { email, hasFullAccount: true, hasLiteAccount: fields.has('hasLiteAccount') && lite.get(email) !== undefined };
  return recordOf(own, account, fields);
}

/** The record of a lite account whose address no full account has. */
export function liteAccountOf(account: LiteAccount, fields: ReadonlySet<string>): JsonObject {
  return recordOf({ email: account.email, hasFullAccount: false, hasLiteAccount: true }, account, fields);
}

function recordOf(own: { email: string } & JsonObject, account: JsonObject, fields: ReadonlySet<string>): JsonObject {
  const record: JsonObject = {};
  const put = (name: string, value: Json | undefined) => {
    if (fields.has(name) && value !== undefined) record[name] = value;
  };
  for (const [name, value] of Object.entries(own)) put(name, value);
  if (fields.has('token')) record.token = emailTokenOf(own.email);
  for (const name of copiedFields) put(name, account[name]);
  return record;
}
