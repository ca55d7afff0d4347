import type { DataflowDocument, DataRecord } from '@idsync/engine/dataflow';

/** The SFTP server of the sandbox, as its steps name it. */
export interface DemoSftp {
  host: string;
  port: number;
  username: string;
  password: string;
}

const scriptOut = `// Adds the age to each account and leaves out those without an e-mail address.
function process(record, ctx, logger, next, error) {
  if (!record.email) {
    logger.debug('Left out, no e-mail address', record.UID);
    return null;
  }
  record.age = record.birthYear ? new Date().getUTCFullYear() - record.birthYear : null;
  delete record.birthYear;
  return record;
}
`;

const scriptCheck = `// Sends accounts without an e-mail address to the error path.
function process(record, ctx, logger, next, error) {
  if (record.profile && record.profile.email) return record;
  const failed = { ...record, _errorDetails: { errorCode: 400009, errorMessage: 'The account has no e-mail address.' } };
  error.accept(failed, record);
  return null;
}
`;

const encoded = (script: string) => Buffer.from(script).toString('base64');
const fields = (renamed: Record<string, string>): DataRecord => ({
  fields: Object.entries(renamed).map(([sourceField, targetField]) => ({ sourceField, targetField })),
});

/** What a fresh demo shows: the way out, the way back, and what becomes of failed records. */
export const demoFlows = (sftp: DemoSftp): DataflowDocument[] => [wayOut(sftp), wayBack(sftp), withErrorPath(sftp)];

const wayOut = (sftp: DemoSftp): DataflowDocument => ({
  name: 'Export accounts to SFTP',
  description: 'account > rename > evaluate > script > dsv > gzip > sftp',
  steps: [
    {
      id: 'account',
      type: 'datasource.read.gigya.account',
      params: {
        select: 'UID, profile.email, profile.firstName, profile.lastName, profile.city, profile.country, profile.birthYear',
        deltaField: 'lastUpdatedTimestamp',
        batchSize: 300,
      },
      next: ['rename'],
    },
    {
      id: 'rename',
      type: 'field.rename',
      params: fields({
        'profile.email': 'email',
        'profile.firstName': 'firstName',
        'profile.lastName': 'lastName',
        'profile.city': 'city',
        'profile.country': 'country',
        'profile.birthYear': 'birthYear',
      }),
      next: ['evaluate'],
    },
    {
      id: 'evaluate',
      type: 'field.evaluate',
      params: { language: 'jexl', fields: [{ field: 'market', expression: "country eq null ? 'unknown' : country" }] },
      next: ['script'],
    },
    {
      id: 'script',
      type: 'record.evaluate',
      params: { ECMAScriptVersion: '12', script: encoded(scriptOut), notifyLastRecord: false },
      next: ['dsv'],
    },
    {
      id: 'dsv',
      type: 'file.format.dsv',
      params: { fileName: 'accounts_${now}.csv', columnSeparator: ',', quoteFields: false, createEmptyFile: false },
      next: ['gzip'],
    },
    { id: 'gzip', type: 'file.compress.gzip', next: ['sftp'] },
    { id: 'sftp', type: 'datasource.write.sftp', params: { ...sftp, remotePath: '/inbox', temporaryUploadExtension: true } },
  ],
});

const wayBack = (sftp: DemoSftp): DataflowDocument => ({
  name: 'Update accounts from SFTP',
  description: 'sftp > gunzip > parse > rename > account',
  steps: [
    {
      id: 'sftp',
      type: 'datasource.read.sftp',
      params: { ...sftp, remotePath: '/inbox', fileNameRegex: 'accounts_.*\\.csv\\.gz', sortBy: 'time', sortOrder: 'ASC' },
      next: ['gunzip'],
    },
    { id: 'gunzip', type: 'file.uncompress.gzip', next: ['parse'] },
    { id: 'parse', type: 'file.parse.dsv', params: { columnSeparator: ',', fileCharset: 'UTF-8' }, next: ['rename'] },
    { id: 'rename', type: 'field.rename', params: fields({ market: 'data.market' }), next: ['remove'] },
    {
      id: 'remove',
      type: 'field.remove',
      params: { fields: ['email', 'firstName', 'lastName', 'city', 'country', 'age'] },
      next: ['account'],
    },
    { id: 'account', type: 'datasource.write.gigya.account', params: { maxConnections: 10 } },
  ],
});

const withErrorPath = (sftp: DemoSftp): DataflowDocument => ({
  name: 'Report accounts without e-mail',
  description: 'account > check > json > sftp, failures > sftp',
  steps: [
    {
      id: 'account',
      type: 'datasource.read.gigya.account',
      params: { select: 'UID, profile.email, profile.lastName', deltaField: 'lastUpdatedTimestamp' },
      next: ['check'],
    },
    {
      id: 'check',
      type: 'record.evaluate',
      params: { ECMAScriptVersion: '12', script: encoded(scriptCheck), notifyLastRecord: false },
      next: ['json'],
      error: ['failures'],
    },
    { id: 'json', type: 'file.format.json', params: { fileName: 'complete_${now}.json', createEmptyFile: false }, next: ['sftp'] },
    {
      id: 'failures',
      type: 'file.format.json',
      params: { fileName: 'without_email_${now}.json', createEmptyFile: false },
      next: ['sftp'],
    },
    { id: 'sftp', type: 'datasource.write.sftp', params: { ...sftp, remotePath: '/outbox' } },
  ],
});
