import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { Account } from '../../population/account.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import { settleIdentities } from './identities.ts';
import { refuseTakenLogins } from './login-ids.ts';
import type { Method, SiteState } from './method.ts';
import { validateGroups } from './validate.ts';

/** Each is replaced as a whole when it is sent. */
const groups = [
  'loginIDs',
  'emails',
  'profile',
  'data',
  'subscriptions',
  'preferences',
  'communications',
  'customIdentifiers',
  'password',
  'rba',
  'internal',
];
const lists = ['identities', 'providerSessions'];
const dates = ['created', 'registered', 'verified', 'lastLogin', 'lastUpdated'];
const flags = ['isActive', 'isRegistered', 'isVerified', 'isLockedOut'];
const texts = ['phoneNumber', 'regSource', 'lang'];
const others = [
  'UID',
  'createUID',
  'importPolicy',
  'handleIdentityConflicts',
  'apiKey',
  'userKey',
  'sig',
  'timestamp',
  'nonce',
  'format',
  'httpStatusCodes',
  'context',
  'sdk',
];
const known = new Set([...groups, ...lists, ...dates, ...flags, ...texts, ...others].map((name) => name.toLowerCase()));
const maxIgnoredListed = 5;

/** Creates a whole account, or with importPolicy upsert replaces the groups that are sent. */
export const importFullAccount: Method = {
  name: 'accounts.importFullAccount',
  writes: true,
  handle: (params, site) => {
    const uid = chosenUid(params);
    const policy = (params.text('importPolicy') ?? 'insert').toLowerCase();
    if (policy !== 'insert' && policy !== 'upsert')
      throw new ApiError(400006, `Invalid argument: importPolicy must be insert or upsert, not ${policy}`);
    if (!site.imports.take(uid)) throw new ApiError(503001, `More than 5 imports of UID ${uid} within a minute`);
    const sent = sentFields(params);
    validateGroups(sent, site);
    const old = site.accounts.get(uid);
    if (old && policy === 'insert') throw new ApiError(400003, `An account with UID ${uid} exists`);
    const account: Account = { ...(old ?? newAccount(uid, site)), ...touched(sent, site), ...sent };
    refuseTakenLogins(account, site.accounts, 400003);
    const conflicts = settleIdentities(account, { accounts: site.accounts, connect: connectsConflicts(params) });
    site.accounts.put(account);
    const ignoredFields = params.names().filter((name) => !known.has(name.toLowerCase()));
    return {
      UID: uid,
      ...(conflicts.length > 0 ? { identityConflicts: conflicts } : {}),
      ...(ignoredFields.length > 0 ? { ignoredFields: ignoredFields.slice(0, maxIgnoredListed) } : {}),
    };
  },
};

function connectsConflicts(params: Parameters): boolean {
  const wanted = (params.text('handleIdentityConflicts') ?? 'fail').toLowerCase();
  if (wanted !== 'fail' && wanted !== 'connect')
    throw new ApiError(400006, `Invalid argument: handleIdentityConflicts must be fail or connect, not ${wanted}`);
  return wanted === 'connect';
}

function chosenUid(params: Parameters): string {
  const uid = params.text('UID');
  if (uid !== undefined) return uid;
  if (params.flag('createUID')) return randomBytes(16).toString('hex');
  throw new ApiError(400002, 'Missing required parameter: UID, or createUID=true');
}

function sentFields(params: Parameters): JsonObject {
  const sent: JsonObject = {};
  for (const name of groups) {
    const group = params.object(name);
    if (group !== undefined) sent[name] = group;
  }
  for (const name of lists) {
    const list = params.json(name);
    if (list !== undefined && !Array.isArray(list)) throw new ApiError(400006, `Invalid argument: ${name} must be a JSON array`);
    if (list !== undefined) sent[name] = list;
  }
  for (const name of flags) {
    const flag = params.flag(name);
    if (flag !== undefined) sent[name] = flag;
  }
  for (const name of texts) {
    const text = params.text(name);
    if (text !== undefined) sent[name] = text;
  }
  return Object.assign(sent, sentDates(params));
}

/** Dates come as ISO text or as milliseconds and are kept as both. */
function sentDates(params: Parameters): JsonObject {
  const sent: JsonObject = {};
  for (const name of dates) {
    const text = params.text(name);
    if (text === undefined) continue;
    const time = /^\d{10,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isNaN(time)) throw new ApiError(400006, `Invalid argument: ${name} must be an ISO date or milliseconds since 1970`);
    sent[name] = new Date(time).toISOString();
    sent[`${name}Timestamp`] = time;
  }
  return sent;
}

function newAccount(uid: string, { clock }: SiteState): Account {
  const now = clock();
  const created = { created: new Date(now).toISOString(), createdTimestamp: now };
  return { UID: uid, ...created, isActive: true, isRegistered: false, isVerified: false, isLockedOut: false, loginProvider: 'site' };
}

function touched(sent: JsonObject, { clock }: SiteState): JsonObject {
  if (sent.lastUpdated !== undefined) return {};
  const now = clock();
  return { lastUpdated: new Date(now).toISOString(), lastUpdatedTimestamp: now };
}
