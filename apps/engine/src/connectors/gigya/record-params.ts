import { copyRecord, type DataRecord, type Json, put, RecordError } from '#dataflow';
import type { GigyaParams } from './client.ts';
import { nestDottedNames } from './shape-record.ts';

/** Names that the platform spells its own way; they are matched without regard to case. */
const spellings = new Map(
  [
    ...['UID', 'regToken', 'profile', 'data', 'subscriptions', 'preferences', 'communications', 'customIdentifiers'],
    ...['loginIDs', 'emails', 'phoneNumber', 'identities', 'password', 'providerSessions', 'rba', 'internal', 'context'],
    ...['isActive', 'isVerified', 'isRegistered', 'isLockedOut', 'regSource', 'lang', 'createUID', 'importPolicy'],
    ...['created', 'registered', 'verified', 'lastLogin', 'lastUpdated', 'addLoginEmails', 'removeLoginEmails', 'username'],
  ].map((name) => [name.toLowerCase(), name]),
);

/** Names by which a call says who makes it: no record and no parameter of a step speaks for itself there. */
const callerNames = new Set(['apikey', 'userkey', 'secret', 'sig', 'timestamp', 'nonce', 'oauth_token', 'format', 'httpstatuscodes']);
/** Fields that steps of the engine add to a record. */
const stepNames = new Set(['_response', '_errordetails']);

export const namesCaller = (paramName: string): boolean => callerNames.has(paramName.toLowerCase());

/** A record as the parameters of a call: names with dots nested, known names in the platform's spelling. The record stays as it is. */
export function recordParams(record: DataRecord): GigyaParams {
  const nested = withNestedNames(record);
  const params: Record<string, Json> = {};
  for (const key of Object.keys(nested)) {
    const value = nested[key];
    const lower = key.toLowerCase();
    if (value === undefined || namesCaller(key) || stepNames.has(lower)) continue;
    const name = spellings.get(lower) ?? key;
    // Of `UID` and `uid` in one record the platform's own spelling counts, wherever it stands.
    if (key !== name && isSet(Object.hasOwn(params, name) ? params[name] : undefined)) continue;
    put(params, name, value);
  }
  return params;
}

/** The same for a call about an account that exists. Throws RecordError when the record names none. */
export function accountParams(record: DataRecord): GigyaParams {
  const params = recordParams(record);
  if (isSet(params.UID) || isSet(params.regToken)) return params;
  throw new RecordError('The record names no account: it has neither a UID nor a regToken.', { code: 'invalidRecord' });
}

/** The record itself, or a copy of it in which names with dots have become nested objects. */
export function withNestedNames(record: DataRecord): DataRecord {
  if (!Object.keys(record).some((key) => key.includes('.'))) return record;
  const copy = copyRecord(record);
  nestDottedNames(copy);
  return copy;
}

export const isSet = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

/** What a person would take for an id: text, or a number. */
export const idText = (value: Json | undefined): string | undefined =>
  isSet(value) && (typeof value === 'string' || typeof value === 'number') ? String(value) : undefined;
