import { accounts, chain, parseDsv, person, personFields, remove, rename, updateAccounts, writeDsv } from './chain.ts';
import type { Integration } from './integration.ts';

/** A folder of this server that its operator allows. */
export const local: Integration = {
  integration: 'local',
  title: 'Local folder',
  icon: 'folder',
  templates: [
    {
      id: 'local-out',
      direction: 'outbound',
      title: 'Export accounts into a folder',
      document: chain('Export accounts into a folder', [
        accounts(`UID, ${personFields}`),
        rename(person),
        remove('profile'),
        writeDsv('accounts_${now}.csv'),
        { id: 'folder', type: 'datasource.write.local', params: { path: '' } },
      ]),
    },
    {
      id: 'local-in',
      direction: 'inbound',
      title: 'Update accounts from files in a folder',
      document: chain('Update accounts from a folder', [
        { id: 'folder', type: 'datasource.read.local', params: { path: '', fileNameRegex: '.*\\.csv', sortBy: 'time', sortOrder: 'ASC' } },
        parseDsv,
        updateAccounts,
      ]),
    },
  ],
};
