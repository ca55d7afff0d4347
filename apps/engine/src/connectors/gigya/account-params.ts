import { copyRecord, type DataRecord, type Json, put, RecordError } from '#dataflow';
import type { GigyaParams } from './client.ts';
import { nestDottedNames } from './shape-record.ts';

/** Names that the platform spells its own way; they are matched without regard to case. */
const spellings = new Map(
  [
    'UID',
    'regToken',
    'profile',
    'data',
    'subscriptions',
    'preferences',
    'communications',
    'customIdentifiers',
    'isActive',
    'isVerified',
  ].map((name) => [name.toLowerCase(), name]),
);

/** Fields that steps of the engine add to a record, and names by which a call says who makes it: no record speaks for itself there. */
const ours = new Set([
  ...['_response', '_errordetails'],
  ...['apikey', 'userkey', 'secret', 'sig', 'timestamp', 'nonce', 'oauth_token', 'format', 'httpstatuscodes'],
]);

/** The parameters of a call about one account, made of a record: names with dots nested, known names in the platform's spelling. */
export function accountParams(record: DataRecord): GigyaParams {
  const copy = Object.keys(record).some((key) => key.includes('.')) ? copyRecord(record) : record;
  if (copy !== record) nestDottedNames(copy);
  const params: Record<string, Json> = {};
  for (const key of Object.keys(copy)) {
    const value = copy[key];
    const name = key.toLowerCase();
    if (value !== undefined && !ours.has(name)) put(params, spellings.get(name) ?? key, value);
  }
  if (isSet(params.UID) || isSet(params.regToken)) return params;
  throw new RecordError('The record names no account: it has neither a UID nor a regToken.', { code: 'invalidRecord' });
}

const isSet = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';
