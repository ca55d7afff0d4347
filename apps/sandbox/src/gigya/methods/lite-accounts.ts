import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';
import { isoOf } from '../store/seed-world.ts';
import { merge } from './merge.ts';
import type { Method } from './method.ts';
import { isAddress, validateGroups } from './validate.ts';

const groups = ['profile', 'data', 'subscriptions', 'preferences'];

/** Creates the lite account of a mail address, or merges into it. */
export const importLiteAccount: Method = {
  name: 'accounts.importLiteAccount',
  writes: true,
  audited: true,
  handle: (params, site) => {
    const email = params.required('email');
    if (!isAddress(email)) throw new ApiError(400006, `Invalid argument: email: ${email} is not a mail address`);
    const sent: JsonObject = {};
    for (const name of groups) {
      const group = params.object(name);
      if (group !== undefined) sent[name] = group;
    }
    validateGroups(sent, site);
    const old = site.lite.get(email);
    const now = site.clock();
    const UID = old?.UID ?? params.text('UID') ?? randomBytes(16).toString('hex');
    site.lite.put({
      ...(old ?? { created: isoOf(now), createdTimestamp: now }),
      ...Object.fromEntries(Object.entries(sent).map(([name, group]) => [name, merge(old?.[name], group as JsonObject)])),
      profile: { ...merge(old?.profile, (sent.profile ?? {}) as JsonObject), email },
      lastUpdated: isoOf(now),
      lastUpdatedTimestamp: now,
      email,
      UID,
    });
    return { UID };
  },
};

export const deleteLiteAccount: Method = {
  name: 'accounts.deleteLiteAccount',
  writes: true,
  audited: true,
  handle: (params, { lite }) => {
    const token = params.required('emailAccountToken');
    if (!lite.removeByToken(token)) throw new ApiError(404000, 'There is no lite account with this emailAccountToken');
    return {};
  },
};
