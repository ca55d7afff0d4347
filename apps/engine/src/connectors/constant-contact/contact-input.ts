import { type DataRecord, type Json, RecordError } from '#dataflow';
import { addressOf, type ToldNames, textOf } from '../sent-fields.ts';
import type { CustomField } from './constant-contact.ts';

const MOST_CUSTOM_FIELDS = 25;
const LONGEST_CUSTOM_VALUE = 255;

/** Names differ in case, blanks and marks only: `FIRST NAME`, `first_name`, `FirstName`. */
export const plainName = (name: string): string =>
  name
    .replace(/^cf:/i, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const kinds = ['', 'home_', 'work_', 'other_'];
const short = [
  'first_name',
  'last_name',
  'job_title',
  'company_name',
  'anniversary',
  'phone',
  'home_phone',
  'work_phone',
  'mobile_phone',
  'other_phone',
];
const inAddress = ['city', 'state', 'zip', 'country'];
/** Fields of an import with the most characters they hold (developer.constantcontact.com, contacts_json_import). */
const lengths = new Map<string, number>([
  ...short.map((field) => [field, 50] as const),
  ...kinds.flatMap((kind) => inAddress.map((field) => [kind + field, 50] as const)),
  ...kinds.flatMap((kind) => ['street', 'street2'].map((field) => [kind + field, 255] as const)),
]);
const numbers = ['birthday_month', 'birthday_day'];
const aliases = { addressline1: 'street', addressline2: 'street2', postalcode: 'zip', zippostalcode: 'zip', cellphone: 'mobile_phone' };
const fieldNames = new Map([
  ...[...lengths.keys(), ...numbers].map((field) => [plainName(field), field] as const),
  ...Object.entries(aliases),
]);

const addressNames = ['email', 'email address', 'emailaddress', 'email_address'];
export const contactAddress = (record: DataRecord): string => addressOf(record, addressNames, 'Email');

/** Makes import rows of records: address, fields of a contact, and custom fields by label or name. */
export function contactMaker(customFields: readonly CustomField[], { flag, unsent }: { flag: string; unsent: ToldNames }) {
  const customNames = new Map(customFields.flatMap(({ label, name }) => [label, name].map((known) => [plainName(known), name] as const)));
  return (record: DataRecord): Record<string, Json> => {
    const row: Record<string, Json> = { email: contactAddress(record) };
    let custom = 0;
    for (const [name, value] of Object.entries(record)) {
      if (name === flag || addressNames.includes(name.toLowerCase())) continue;
      const field = /^cf:/i.test(name) ? undefined : fieldNames.get(plainName(name));
      const customName = field === undefined ? customNames.get(plainName(name)) : undefined;
      if (field === undefined && customName === undefined) {
        unsent.tell(name);
        continue;
      }
      const text = textOf(name, value);
      if (text === undefined || text === '') continue;
      if (customName !== undefined && ++custom > MOST_CUSTOM_FIELDS)
        throw refused(`The record has more than ${MOST_CUSTOM_FIELDS} custom fields`);
      if (field !== undefined && numbers.includes(field)) row[field] = wholeNumber(name, text);
      else row[field ?? `cf:${customName}`] = fitting(name, text, field === undefined ? LONGEST_CUSTOM_VALUE : (lengths.get(field) ?? 50));
    }
    return row;
  };
}

function fitting(name: string, text: string, most: number): string {
  if (text.length > most) throw refused(`The field ${name} has ${text.length} characters; Constant Contact holds ${most}`);
  return text;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw refused(`The field ${name} is no number of a month or day`);
  return Number(text);
}

const refused = (what: string): RecordError => new RecordError(`${what}. Change it before this step.`, { code: 'invalidRecord' });
