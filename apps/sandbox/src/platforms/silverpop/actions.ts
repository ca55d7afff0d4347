import { addContact, type Database, findContact, type PlatformFault } from './databases.ts';
import type { ExportJobs } from './export-jobs.ts';
import { childrenOf, tag, textIn, type XmlElement } from './xml.ts';

export interface Organization {
  databases: Map<string, Database>;
  jobs: ExportJobs;
  clock(): number;
}

type Action = (organization: Organization, action: XmlElement) => string | PlatformFault;

const noDatabase: PlatformFault = { code: 140, text: 'Database ID is not valid or the user has no access to it.' };

const pairs = (parent: XmlElement | undefined, name: string): Map<string, string> =>
  new Map(childrenOf(parent, name).map((one) => [textIn(one, 'NAME'), textIn(one, 'VALUE')]));

/** What each action does: the content of its RESULT, or a fault. */
export const actions: Readonly<Record<string, Action>> = {
  AddRecipient({ databases, clock }, action) {
    const database = databases.get(textIn(action, 'LIST_ID'));
    if (!database) return noDatabase;
    const contact = addContact(
      database,
      {
        createdFrom: textIn(action, 'CREATED_FROM'),
        updateIfFound: textIn(action, 'UPDATE_IF_FOUND').toLowerCase() === 'true',
        syncFields: pairs(childrenOf(action, 'SYNC_FIELDS')[0], 'SYNC_FIELD'),
        values: pairs(action, 'COLUMN'),
      },
      clock(),
    );
    return 'code' in contact ? contact : tag('RecipientId', contact.id) + tag('ORGANIZATION_ID', '322f4d-demo');
  },
  OptOutRecipient({ databases, clock }, action) {
    const database = databases.get(textIn(action, 'LIST_ID'));
    if (!database) return noDatabase;
    const email = textIn(action, 'EMAIL');
    if (email === '') return { code: 110, text: 'EMAIL is required.' };
    const contact = findContact(database, [['EMAIL', email], ...pairs(action, 'COLUMN')]);
    if (!contact) return { code: 128, text: 'Recipient is not a member of the list.' };
    contact.optedOut = true;
    contact.changedMs = clock();
    return '';
  },
  GetListMetaData({ databases }, action) {
    const database = databases.get(textIn(action, 'LIST_ID'));
    if (!database) return noDatabase;
    const named = (names: Iterable<string>) => [...names].map((name) => `<COLUMN>${tag('NAME', name)}</COLUMN>`).join('');
    const columns = `<COLUMNS>${named(['LIST_ID', 'MAILING_ID', 'RECIPIENT_ID', ...database.columns.keys()])}</COLUMNS>`;
    // The documentation shows the key of a regular database as Email.
    const keys =
      database.keys.length === 0
        ? ''
        : `<KEY_COLUMNS>${named(database.keys.map((key) => (key === 'EMAIL' ? 'Email' : key)))}</KEY_COLUMNS>`;
    return tag('ID', database.id) + tag('NAME', database.name) + tag('TYPE', 0) + tag('SIZE', database.contacts.length) + columns + keys;
  },
  ExportList: ({ databases, jobs }, action) => {
    const database = databases.get(textIn(action, 'LIST_ID'));
    return database ? jobs.create(database, action) : noDatabase;
  },
  GetJobStatus: ({ jobs }, action) => jobs.status(textIn(action, 'JOB_ID')),
};
