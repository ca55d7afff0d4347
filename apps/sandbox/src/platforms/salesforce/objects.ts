/** A field of an object, as far as `describe` and writing need it. */
export interface SObjectField {
  name: string;
  type: 'id' | 'string' | 'email' | 'phone' | 'boolean' | 'date' | 'double' | 'reference' | 'multipicklist';
  length?: number;
  externalId?: boolean;
  unique?: boolean;
  /** Can name a record in an upsert. */
  idLookup?: boolean;
  readOnly?: boolean;
  relationshipName?: string;
}

export interface SObjectType {
  name: 'Lead' | 'Contact' | 'Account';
  keyPrefix: string;
  fields: readonly SObjectField[];
  /** Names of required fields that a new record lacks. */
  missing(has: (name: string) => boolean): string[];
}

const person: readonly SObjectField[] = [
  { name: 'Id', type: 'id', idLookup: true, readOnly: true },
  { name: 'FirstName', type: 'string', length: 40 },
  { name: 'LastName', type: 'string', length: 80 },
  { name: 'Phone', type: 'phone', length: 40 },
  { name: 'UID__c', type: 'string', length: 64, externalId: true, unique: true, idLookup: true },
  { name: 'Newsletter__c', type: 'boolean' },
  { name: 'Birth__c', type: 'date' },
  { name: 'Score__c', type: 'double' },
  { name: 'Interests__c', type: 'multipicklist', length: 4099 },
];
const email: SObjectField = { name: 'Email', type: 'email', length: 80, idLookup: true };

/** The three objects the stand-in holds; every one has the custom external id `UID__c`. */
export const objectTypes: readonly SObjectType[] = [
  {
    name: 'Lead',
    keyPrefix: '00Q',
    fields: [...person, email, { name: 'Company', type: 'string', length: 255 }, { name: 'City', type: 'string', length: 40 }],
    missing: (has) => ['LastName', 'Company'].filter((name) => !has(name)),
  },
  {
    name: 'Contact',
    keyPrefix: '003',
    fields: [
      ...person,
      email,
      { name: 'MailingCity', type: 'string', length: 40 },
      { name: 'AccountId', type: 'reference', relationshipName: 'Account' },
    ],
    missing: (has) => ['LastName'].filter((name) => !has(name)),
  },
  {
    // With a last name it is a person account, otherwise a business account, which has a name.
    name: 'Account',
    keyPrefix: '001',
    fields: [
      ...person,
      { name: 'Name', type: 'string', length: 255 },
      { name: 'PersonEmail', type: 'email', length: 80, idLookup: true },
      { name: 'PersonMailingCity', type: 'string', length: 40 },
      { name: 'IsPersonAccount', type: 'boolean', readOnly: true },
    ],
    missing: (has) => (has('LastName') ? [] : ['Name'].filter((name) => !has(name))),
  },
];

export const fieldNamed = ({ fields }: SObjectType, name: string): SObjectField | undefined =>
  fields.find((field) => field.name.toLowerCase() === name.toLowerCase());

export const describeObject = (type: SObjectType) => ({
  name: type.name,
  keyPrefix: type.keyPrefix,
  fields: type.fields.map(
    ({
      name,
      type: kind,
      length = 0,
      externalId = false,
      unique = false,
      idLookup = false,
      readOnly = false,
      relationshipName = null,
    }) => ({
      name,
      type: kind,
      length,
      externalId,
      unique,
      idLookup,
      createable: !readOnly,
      updateable: !readOnly,
      relationshipName,
    }),
  ),
});
