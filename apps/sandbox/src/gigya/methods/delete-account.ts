import type { Method } from './method.ts';
import { targetAccount } from './target.ts';

export const deleteAccount: Method = {
  name: 'accounts.deleteAccount',
  writes: true,
  audited: true,
  handle: (params, site) => {
    site.accounts.remove(targetAccount(params, site).UID);
    return {};
  },
};
