import { accounts, chain, gzip, importAccounts, parseJson, person, personFields, remove, rename, writeDsv } from './chain.ts';
import type { Integration } from './integration.ts';

const toFile = [accounts(`UID, ${personFields}`), rename(person), remove('profile'), writeDsv('accounts_${now}.csv'), gzip];
const bucket = { bucketName: '', accessKey: '', secretKey: '', objectKeyPrefix: '' };
const container = { accountName: '', accountKey: '', container: '', blobPrefix: '' };

export const amazonS3: Integration = {
  integration: 's3',
  title: 'Amazon S3',
  icon: 'cloud',
  templates: [
    {
      id: 's3-out',
      direction: 'outbound',
      title: 'Export accounts into a bucket',
      document: chain('Export accounts to S3', [...toFile, { id: 's3', type: 'datasource.write.amazon.s3', params: bucket }]),
    },
    {
      id: 's3-in',
      direction: 'inbound',
      title: 'Import full accounts from a bucket',
      document: chain('Import accounts from S3', [
        { id: 's3', type: 'datasource.read.amazon.s3', params: { ...bucket, fileNameRegex: '.*\\.json' } },
        parseJson,
        importAccounts,
      ]),
    },
  ],
};

export const azureBlob: Integration = {
  integration: 'azure',
  title: 'Azure Blob Storage',
  icon: 'cloud',
  templates: [
    {
      id: 'azure-out',
      direction: 'outbound',
      title: 'Export accounts into a container',
      document: chain('Export accounts to Azure', [...toFile, { id: 'azure', type: 'datasource.write.azure.blob', params: container }]),
    },
    {
      id: 'azure-in-full',
      direction: 'inbound',
      title: 'Import full accounts from a container',
      document: chain('Import full accounts from Azure', [
        { id: 'azure', type: 'datasource.read.azure.blob', params: { ...container, fileNameRegex: '.*\\.json' } },
        parseJson,
        importAccounts,
      ]),
    },
  ],
};
