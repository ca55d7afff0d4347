import { compileGet, compileRemove, copyRecord, type DataRecord, type Json, RecordError } from '#dataflow';
import { flatFields } from '../flat-record.ts';
import { readFlag } from '../subscription-flag.ts';
import type { Change } from './multipart-mixed.ts';

export type ContactChannel = 'EMAIL' | 'MOBILE';

export interface ContactMapping {
  contactField: string;
  emailField?: string | undefined;
  mobileField?: string | undefined;
  marketingAreaField?: string | undefined;
  subscriptions: readonly { newsletterField: string; communicationCategory: string }[];
  consent: readonly { consentField: string; communicationMedium: string; communicationType: ContactChannel }[];
}

/** What all contacts of this product have as their origin. */
const ORIGIN = 'Gigya';
const LONGEST_ID = 255;

/**
 * Makes the changes of a contact from a record: its data, a permission for each consent, a subscription for each newsletter. `changedAt` is
 * when the data is said to have changed, unless the record has it. The function throws RecordError for a record that cannot be sent.
 */
export function contactMaker(mapping: ContactMapping, changedAt: Date): (record: DataRecord) => Change[] {
  const idOf = compileGet(mapping.contactField);
  const dataOf = dataMaker(mapping, isoSeconds(changedAt));
  const rightsOf = rightsMaker(mapping, isoSeconds(changedAt));
  return (record) => {
    const id = idText(idOf(record), mapping.contactField);
    const contact = { ContactID: id, ContactOrigin: ORIGIN };
    return [{ method: 'PATCH', path: entity('ContactOriginData', contact), body: dataOf(record) }, ...rightsOf(record, contact)];
  };
}

/** The properties of `ContactOriginData`: those that have a field of their own in the parameters, and all other fields by their names. */
function dataMaker(mapping: ContactMapping, changedAt: string): (record: DataRecord) => DataRecord {
  const { contactField, emailField, mobileField, marketingAreaField, subscriptions, consent } = mapping;
  const named = [emailField, mobileField, marketingAreaField].filter((field) => field !== undefined);
  const flags = [...subscriptions.map(({ newsletterField }) => newsletterField), ...consent.map(({ consentField }) => consentField)];
  const removals = [...new Set([contactField, ...named, ...flags])].map(compileRemove);
  const emailOf = emailField === undefined ? undefined : compileGet(emailField);
  const mobileOf = mobileField === undefined ? undefined : compileGet(mobileField);
  return (record) => {
    const rest = copyRecord(record);
    for (const remove of removals) remove(rest);
    const others = flatFields(rest).map(([name, value]) => [name, propertyOf(name, value)] as const);
    const data: DataRecord = Object.fromEntries([['OriginDataLastChgUTCDateTime', changedAt], ...others]);
    if (emailOf?.(record) !== undefined) data.EmailAddress = plainText(emailOf(record), emailField ?? '');
    if (mobileOf?.(record) !== undefined) data.MobileNumber = plainText(mobileOf(record), mobileField ?? '');
    return data;
  };
}

/** Decimal properties are texts in the JSON of OData 2.0, like all others that records can hold, but for booleans. */
function propertyOf(name: string, value: Json): Json {
  if (typeof value === 'number') return String(value);
  return name === 'BirthDate' && typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00` : value;
}

interface Contact {
  ContactID: string;
  ContactOrigin: string;
}

function rightsMaker(mapping: ContactMapping, at: string): (record: DataRecord, contact: Contact) => Change[] {
  const { emailField, mobileField, marketingAreaField } = mapping;
  const areaOf = marketingAreaField === undefined ? () => undefined : compileGet(marketingAreaField);
  const fields = { EMAIL: emailField, MOBILE: mobileField };
  const idOf = (record: DataRecord, channel: ContactChannel): string => {
    const field = fields[channel];
    const id = field === undefined ? undefined : compileGet(field)(record);
    const text = id === undefined || id === null ? '' : plainText(id, field ?? '');
    if (text !== '' && text !== null) return text;
    throw new RecordError(
      `The record has ${channel === 'EMAIL' ? 'no mail address' : 'no mobile number'} to give a permission for: ${field ?? 'its field is not named in the parameters'}.`,
      { code: 'invalidRecord' },
    );
  };
  const consents = mapping.consent.map((one) => ({ ...one, get: compileGet(one.consentField) }));
  const newsletters = mapping.subscriptions.map((one) => ({ ...one, get: compileGet(one.newsletterField) }));
  return (record, contact) => {
    const MarketingArea = plainText(areaOf(record) ?? '', marketingAreaField ?? '') ?? '';
    const changes: Change[] = [];
    for (const { consentField, communicationMedium, communicationType, get } of consents) {
      const granted = readFlag(get(record), consentField);
      if (granted === undefined) continue;
      const permission = { ContactPermissionID: idOf(record, communicationType), ContactPermissionOrigin: communicationType };
      const key = { ...contact, ...permission, MarketingArea, CommunicationMedium: communicationMedium };
      changes.push(put('MarketingPermissions', key, { PermissionGranted: yesNo(granted), PermissionUTCDateTime: at }));
    }
    for (const { newsletterField, communicationCategory, get } of newsletters) {
      const wanted = readFlag(get(record), newsletterField);
      if (wanted === undefined) continue;
      const subscription = { ContactSubscriptionID: idOf(record, 'EMAIL'), ContactSubscriptionOrigin: 'EMAIL' };
      const key = { ...contact, ...subscription, CommunicationMedium: 'EMAIL', SubscriptionTopic: communicationCategory };
      changes.push(put('MarketingSubscriptions', key, { SubscriptionSignUpExists: yesNo(wanted), SubscriptionUTCDateTime: at }));
    }
    return changes;
  };
}

const put = (name: string, key: object, body: object): Change => ({ method: 'PUT', path: entity(name, key), body });

const yesNo = (flag: boolean): string => (flag ? 'Y' : 'N');

/** An entity by its key. An apostrophe within a value is doubled; everything that is not plain in an address is encoded. */
const entity = (name: string, key: object): string =>
  `${name}(${Object.entries(key)
    .map(([property, value]) => `${property}='${keyText(String(value))}'`)
    .join(',')})`;

function keyText(value: string): string {
  if (value.isWellFormed()) return encodeURIComponent(value.replaceAll("'", "''")).replaceAll("'", '%27');
  throw new RecordError(`"${value.toWellFormed()}" holds half a character (a lone surrogate). Remove it with field.replace.`, {
    code: 'invalidRecord',
  });
}

function idText(value: Json | undefined, field: string): string {
  const id = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (id === '')
    throw new RecordError(`The record has no id: ${field} is ${value === undefined ? 'missing' : 'no text'}.`, { code: 'invalidRecord' });
  if (id.length <= LONGEST_ID) return id;
  throw new RecordError(`The id in ${field} is longer than the ${LONGEST_ID} characters of a ContactID.`, { code: 'invalidRecord' });
}

function plainText(value: Json | undefined, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return String(value);
  throw new RecordError(`The field ${field} holds ${Array.isArray(value) ? 'a list' : 'an object'} instead of a text.`, {
    code: 'invalidRecord',
  });
}

const isoSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
