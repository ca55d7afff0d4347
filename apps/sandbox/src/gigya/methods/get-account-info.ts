import type { JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';
import type { Method } from './method.ts';
import { targetAccount } from './target.ts';

/** Fields that only `include` brings, by the word that asks for them; some words ask for what generated accounts never have. */
const includable: Readonly<Record<string, readonly string[]>> = {
  'identities-active': ['identities'],
  'identities-all': ['identities'],
  'identities-global': ['identities'],
  loginids: ['loginIDs'],
  emails: ['emails'],
  profile: ['profile'],
  data: ['data'],
  memberships: ['memberships'],
  password: ['password'],
  islockedout: ['isLockedOut'],
  lastloginlocation: ['lastLoginLocation'],
  regsource: ['regSource'],
  rba: ['rbaPolicy'],
  subscriptions: ['subscriptions'],
  preferences: ['preferences'],
  groups: ['groups'],
  internal: ['internal'],
  customidentifiers: ['customIdentifiers'],
};
const onRequest = new Set([...Object.values(includable).flat(), 'communications']);

export const getAccountInfo: Method = {
  name: 'accounts.getAccountInfo',
  writes: false,
  handle: (params, site) => {
    const wanted = wantedFields(params.text('include') ?? 'profile,data');
    if (params.flag('includeCommunications')) wanted.add('communications');
    const account = targetAccount(params, site);
    const shown: JsonObject = {};
    for (const [name, value] of Object.entries(account)) if (wanted.has(name) || !onRequest.has(name)) shown[name] = value;
    return shown;
  },
};

function wantedFields(include: string): Set<string> {
  const wanted = new Set<string>();
  for (const word of include.split(',')) {
    const fields = includable[word.trim().toLowerCase()];
    if (!fields) throw new ApiError(400006, `Invalid argument: include does not know '${word}'`);
    for (const field of fields) wanted.add(field);
  }
  return wanted;
}
