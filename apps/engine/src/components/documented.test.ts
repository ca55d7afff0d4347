import { describe, expect, it } from 'vitest';
import { findComponent } from '#components';
import { propertyNamed, traitsOf } from '#dataflow';

/** Ids and parameters that the product's public documentation, its console and stored flows name; a star: it says that the parameter is required. Parts of lists stand behind a dot. */
const documented: Readonly<Record<string, string>> = {
  'datasource.lookup.gender': 'targetField* firstNameField*',
  'datasource.lookup.gigya.account':
    'select from lookupFields lookupFieldsOperator isCaseSensitive matchBehavior mismatchBehavior multiMatchBehavior separateMultiMatches handleFieldConflicts batchSize maxConcurrency',
  'datasource.lookup.gigya.gm': 'includeChallenges excludeChallenges maxConnections',
  'datasource.read.amazon.s3': 'bucketName* accessKey* secretKey* objectKeyPrefix fileNameRegex',
  'datasource.read.azure.blob': 'accountName* accountKey* container* blobPrefix fileNameRegex',
  'datasource.read.azure.sas': 'authenticationUrl* blobUri* clientId* clientSecret* loginUrl*',
  'datasource.read.campaignmonitor': 'apiKey* listId* status targetField',
  'datasource.read.constantcontact': 'apiKey* accessToken* listId*',
  'datasource.read.ftp': 'host* username* password',
  'datasource.read.gigya.account':
    'select* from where deltaField consent batchSize maxConcurrency excludeEmptyFields fields whereClause apiKey userKey secret',
  'datasource.read.gigya.audit': 'select*',
  'datasource.read.gigya.comment': 'from where batchSize keepFieldNamesWithDotAsIs',
  'datasource.read.gigya.ds': 'select* from*',
  'datasource.read.googlecloud': 'projectId* bucketName* clientEmail* privateKey* objectKeyPrefix fileNameRegex',
  'datasource.read.mailchimp': 'apiUrl* apiKey* listId* status batchSize timeout maxConnections retryIntervalSeconds',
  'datasource.read.marketo': 'baseUrl* clientId* clientSecret* fields*',
  'datasource.read.sftp': 'host* username* password port privateKey passphrase remotePath fileNameRegex sortBy sortOrder timeout',
  'datasource.read.silverpop': 'clientId* clientSecret* refreshToken* host* username* password* listId* podNumber columns',
  'datasource.write.amazon.s3': 'bucketName* accessKey* secretKey* objectKeyPrefix',
  'datasource.write.azure.blob': 'accountName* accountKey* container* blobPrefix',
  'datasource.write.azure.sas': 'authenticationUrl* blobUri* clientId* clientSecret* loginUrl*',
  'datasource.write.bluekai': 'siteId* bkuid* secretKey* uniqueIdField* domain version',
  'datasource.write.campaignmonitor': 'apiKey* listId* newsletterField*',
  'datasource.write.constantcontact': 'apiKey* accessToken* listId*',
  'datasource.write.exacttarget': 'clientId* clientSecret* dataExtension* primaryKeys*',
  'datasource.write.external.generic': '',
  'datasource.write.ftp': 'host* username* password',
  'datasource.write.gigya.account': 'maxConnections',
  'datasource.write.gigya.ds': 'type*',
  'datasource.write.gigya.generic': 'apiMethod* apiParams addResponse maxConnections privateKey apiKey userKey secret',
  'datasource.write.gigya.importaccount': 'importPolicy handleIdentityConflicts maxConnections addResponse',
  'datasource.write.googlecloud': 'projectId* bucketName* clientEmail* privateKey* objectKeyPrefix',
  'datasource.write.hybrismarketing':
    'contactField* endpoint* username* password* batchSize emailField marketingAreaField mobileField timeout subscriptions consent',
  'datasource.write.mailchimp': 'apiUrl* apiKey* listId* newsletterField*',
  'datasource.write.marketo': 'baseUrl* clientId* clientSecret*',
  'datasource.write.salesforce': 'username* password* token* authEndpoint* objectType* primaryId* lookupId*',
  'datasource.write.sftp': 'host* username* password port privateKey passphrase remotePath temporaryUploadExtension timeout',
  'datasource.write.silverpop': 'clientId* clientSecret* refreshToken* host username password listId* podNumber newsletterField',
  'field.add': 'fields',
  'field.array.extract': 'field* propagationFields generateKey',
  'field.array.join': 'field*',
  'field.copy': '',
  'field.date.format': '',
  'field.evaluate': 'fields* language',
  'field.flatten': 'fields*',
  'field.move': 'fields* after*',
  'field.remove': 'fields*',
  'field.rename': 'fields*',
  'field.replace': 'fields*',
  'field.select': 'fields*',
  'file.compress.gzip': '',
  'file.compress.lzo': 'createIndexFile',
  'file.compress.zip': '',
  'file.decrypt.pgp': '',
  'file.empty': 'fileName*',
  'file.encrypt.pgp': 'publicKey*',
  'file.format.aam': 'dpid*',
  'file.format.count': 'fileName*',
  'file.format.dsv':
    'fileName* columnSeparator* quoteFields writeHeader escapeCharacter lineEnd dsvFormatVersion maxFileSize createEmptyFile',
  'file.format.json': 'fileName* maxFileSize createEmptyFile wrapField',
  'file.format.krux': 'fileName* createEmptyFile',
  'file.parse.dsv': 'columnSeparator* fileCharset inferTypes addFilename',
  'file.parse.json': 'addFilename',
  'file.uncompress.gzip': '',
  'file.uncompress.lzo': '',
  'file.uncompress.zip': '',
  'record.evaluate': 'script* ECMAScriptVersion notifyLastRecord',
};

describe('what is documented', () => {
  it.each(Object.entries(documented))('%s has its parameters', (type, params) => {
    const component = findComponent(type);
    if (!component) throw new Error(`There is no component ${type}.`);
    expect(component.type).toBe(type);
    const { schema } = traitsOf(component);
    const missing = params
      .split(' ')
      .filter((name) => name !== '')
      .filter((name) => {
        const path = name.replace('*', '').split('.');
        const found = path.reduce((at, part) => at && propertyNamed(at.items ?? at, part)?.schema, schema as typeof schema | undefined);
        return !found || (name.endsWith('*') && !schema.required?.includes(propertyNamed(schema, name.slice(0, -1))?.name ?? ''));
      });
    expect(missing).toEqual([]);
  });

  it('finds components in the spellings that stored flows and documents have', () => {
    expect(findComponent(' field.move')?.type).toBe('field.move');
    expect(findComponent('datasource.write.gigya.importAccount')?.type).toBe('datasource.write.gigya.importaccount');
    expect(findComponent('File.Parse.DSV\n')?.type).toBe('file.parse.dsv');
  });
});
