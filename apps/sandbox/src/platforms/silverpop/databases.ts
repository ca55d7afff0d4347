import { mailingPeople } from '../mailing-people.ts';

/** A contact of a database: its columns, and what the platform itself knows of it. */
export interface Contact {
  id: number;
  values: Map<string, string>;
  optedOut: boolean;
  changedMs: number;
}

export interface Database {
  id: string;
  name: string;
  /** Names with the pattern values must have. */
  columns: ReadonlyMap<string, RegExp>;
  /** Columns of the unique identifier; none in a flexible database. */
  keys: readonly string[];
  contacts: Contact[];
}

export interface PlatformFault {
  code: number;
  text: string;
}

const any = /^[\s\S]{0,500}$/;
const yesNo = /^(?:Yes|No)?$/;
const columns = new Map([
  ['EMAIL', /^[^@\s]+@[^@\s]+\.[^@\s]+$/],
  ['GigyaUid', any],
  ['First Name', any],
  ['Last Name', any],
  ['City', any],
  ['Subscribed', yesNo],
  ['Birth Date', /^(?:\d\d\/\d\d\/\d{4})?$/],
]);

/** The databases of a fresh organization: one keyed by mail address with 400 contacts, one by another column, one flexible; both empty. */
export function freshDatabases(): Map<string, Database> {
  const people = mailingPeople(400, 77);
  const contacts = people.map(({ email, firstName, lastName, changed }, index) => {
    const values = new Map([
      ['EMAIL', email],
      ['GigyaUid', `uid-${index}`],
      ['First Name', index % 50 === 3 ? `${firstName} "Q", ${index}` : firstName],
      ['Last Name', lastName],
      ['City', index % 40 === 7 ? 'Köln\nSüd' : ''],
      ['Subscribed', index % 3 === 0 ? 'No' : 'Yes'],
    ]);
    return { id: 1_000_000 + index, values, optedOut: index % 3 === 0, changedMs: changed };
  });
  const databases: Database[] = [
    { id: '59294', name: 'Newsletter', columns, keys: ['EMAIL'], contacts },
    { id: '60001', name: 'Members', columns, keys: ['GigyaUid'], contacts: [] },
    { id: '60002', name: 'Flexible', columns, keys: [], contacts: [] },
  ];
  return new Map(databases.map((database) => [database.id, database]));
}

export interface Addition {
  createdFrom: string;
  updateIfFound: boolean;
  syncFields: ReadonlyMap<string, string>;
  values: ReadonlyMap<string, string>;
}

/** Adds or updates a contact. */
export function addContact(
  database: Database,
  { createdFrom, updateIfFound, syncFields, values }: Addition,
  nowMs: number,
): Contact | PlatformFault {
  if (!/^[0-3]$/.test(createdFrom)) return { code: 104, text: 'Invalid value for CREATED_FROM.' };
  for (const [name, value] of values) {
    const pattern = database.columns.get(name);
    if (!pattern) return { code: 106, text: `Column ${name} does not exist.` };
    if (!pattern.test(value))
      return name === 'EMAIL'
        ? { code: 121, text: 'Email address is not valid.' }
        : { code: 107, text: `Invalid value for column ${name}.` };
  }
  const missing = database.keys.find((key) => !values.get(key));
  if (missing !== undefined) return { code: 108, text: `All key columns are not present: ${missing}.` };
  if (database.keys.length === 0 && updateIfFound && syncFields.size === 0)
    return { code: 109, text: 'Sync fields are required for this database.' };
  const finders = database.keys.length > 0 ? database.keys.map((key) => [key, values.get(key) ?? ''] as const) : [...syncFields];
  const found = findContact(database, finders);
  if (found && !updateIfFound) return { code: 122, text: 'Recipient already exists.' };
  const contact = found ?? { id: 2_000_000 + database.contacts.length, values: new Map(), optedOut: false, changedMs: nowMs };
  if (!found) database.contacts.push(contact);
  for (const [name, value] of values) contact.values.set(name, value);
  if (createdFrom === '2') contact.optedOut = false;
  contact.changedMs = nowMs;
  return contact;
}

export function findContact({ contacts }: Database, finders: readonly (readonly [string, string])[]): Contact | undefined {
  if (finders.length === 0) return undefined;
  return contacts.find(({ values }) => finders.every(([name, value]) => values.get(name)?.toLowerCase() === value.toLowerCase()));
}
