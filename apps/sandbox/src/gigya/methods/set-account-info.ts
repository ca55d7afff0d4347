import { isObject, type JsonObject } from '../../json.ts';
import type { Account } from '../../population/account.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import { changedLoginIds, refuseTakenLogins } from './login-ids.ts';
import { merge } from './merge.ts';
import type { Method } from './method.ts';
import { targetAccount } from './target.ts';
import { validateGroups } from './validate.ts';

const groups = ['profile', 'data', 'subscriptions', 'preferences', 'communications', 'customIdentifiers', 'internal', 'rba'];
const e164 = /^\+[1-9]\d{6,14}$/;

/** Merges what is sent into the account; what is not sent stays. Passwords cannot be set here. */
export const setAccountInfo: Method = {
  name: 'accounts.setAccountInfo',
  writes: true,
  audited: true,
  handle: (params, site) => {
    if (params.text('newPassword') !== undefined) throw new ApiError(400096, 'newPassword is not supported by the sandbox');
    const sent = sentGroups(params);
    const account = targetAccount(params, site);
    validateGroups(sent, site);
    const now = site.clock();
    const changed: Account = {
      ...account,
      ...Object.fromEntries(Object.entries(sent).map(([name, group]) => [name, merge(account[name], group)])),
      ...changedFields(account, params),
      lastUpdated: new Date(now).toISOString(),
      lastUpdatedTimestamp: now,
    };
    refuseTakenLogins(changed, site.accounts, 403043);
    site.accounts.put(changed);
    return { UID: account.UID };
  },
};

function sentGroups(params: Parameters): Record<string, JsonObject> {
  const sent: Record<string, JsonObject> = {};
  for (const name of groups) {
    const group = params.object(name);
    if (group !== undefined) sent[name] = group;
  }
  return sent;
}

function changedFields(account: Account, params: Parameters): JsonObject {
  const isActive = params.flag('isActive');
  const isVerified = params.flag('isVerified');
  const phoneNumber = params.text('phoneNumber');
  const regSource = params.text('regSource');
  const lang = params.text('lang');
  const loginIDs = changedLoginIds(account, params);
  if (isVerified === false && account.isVerified === true) throw new ApiError(400030, 'isVerified cannot be taken back');
  if (phoneNumber !== undefined && !e164.test(phoneNumber))
    throw new ApiError(400006, 'Invalid argument: phoneNumber must be in E.164 format');
  return {
    ...(isActive === undefined ? {} : { isActive }),
    ...(isVerified === undefined ? {} : { isVerified }),
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
    ...(regSource === undefined || account.regSource !== undefined ? {} : { regSource }),
    ...(lang === undefined ? {} : { lang }),
    ...(isObject(loginIDs) ? { loginIDs } : {}),
  };
}
