import { accounts, chain, updateAccounts } from './chain.ts';
import type { Integration } from './integration.ts';

const source = accounts('UID, profile, data, isActive');

/** From one site to another: the dataflow belongs to the target site, the reader names the source. */
export const gigya: Integration = {
  integration: 'gigya',
  title: 'Gigya site to site',
  icon: 'copy',
  templates: [
    {
      id: 'gigya-copy',
      direction: 'inbound',
      title: 'Copy accounts from another site',
      document: chain('Copy accounts between sites', [
        { ...source, params: { ...source.params, batchSize: 300, apiKey: '', userKey: '', secret: '' } },
        { ...updateAccounts, id: 'write' },
      ]),
    },
  ],
};
