import {
  accounts,
  chain,
  gunzip,
  gzip,
  importAccounts,
  parseDsv,
  parseJson,
  person,
  personFields,
  remove,
  rename,
  updateAccounts,
  writeDsv,
  writeJson,
} from './chain.ts';
import type { Integration } from './integration.ts';

const server = { host: '', username: '', password: '', remotePath: '' };
const upload = { id: 'sftp', type: 'datasource.write.sftp', params: { ...server, temporaryUploadExtension: true } };
const download = (fileNameRegex: string) => ({
  id: 'sftp',
  type: 'datasource.read.sftp',
  params: { ...server, fileNameRegex, sortBy: 'time', sortOrder: 'ASC' },
});

/** Files on an SFTP server, the way most platforms are fed. */
export const sftp: Integration = {
  integration: 'sftp',
  title: 'SFTP',
  icon: 'server',
  templates: [
    {
      id: 'sftp-out-dsv',
      direction: 'outbound',
      title: 'Export accounts as CSV, compressed',
      document: chain('Export accounts to SFTP', [
        accounts(`UID, ${personFields}`),
        rename(person),
        remove('profile'),
        writeDsv('accounts_${now}.csv'),
        gzip,
        upload,
      ]),
    },
    {
      id: 'sftp-out-json',
      direction: 'outbound',
      title: 'Export accounts as JSON, compressed',
      document: chain('Export accounts to SFTP as JSON', [accounts('UID, profile, data'), writeJson('accounts_${now}.json'), gzip, upload]),
    },
    {
      id: 'sftp-in-dsv',
      direction: 'inbound',
      title: 'Update accounts from CSV',
      document: chain('Update accounts from SFTP', [
        download('.*\\.csv'),
        parseDsv,
        rename(Object.fromEntries(Object.entries(person).map(([field, column]) => [column, field]))),
        updateAccounts,
      ]),
    },
    {
      id: 'sftp-in-dsv-gzip',
      direction: 'inbound',
      title: 'Update accounts from compressed CSV',
      document: chain('Update accounts from compressed files', [
        download('.*\\.csv\\.gz'),
        gunzip,
        parseDsv,
        rename(Object.fromEntries(Object.entries(person).map(([field, column]) => [column, field]))),
        updateAccounts,
      ]),
    },
    {
      id: 'sftp-in-full-accounts',
      direction: 'inbound',
      title: 'Import full accounts from JSON',
      document: chain('Import full accounts from SFTP', [download('.*\\.json'), parseJson, importAccounts]),
    },
  ],
};
