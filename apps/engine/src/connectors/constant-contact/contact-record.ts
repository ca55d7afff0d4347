import { type DataRecord, isDataRecord } from '#dataflow';
import type { CustomField } from './constant-contact.ts';

/**
 * Makes records of contacts: the contact as the API shows it, `Email` and `newsletterField` beside it, and the custom fields under
 * their labels without blanks (`CustomField1`).
 */
export function recordMaker(customFields: readonly CustomField[]): (contact: DataRecord) => DataRecord {
  const names = new Map(customFields.map(({ id, label }) => [id, label.replace(/\s+/g, '')]));
  return ({ custom_fields: fields, ...contact }) => {
    const mail = isDataRecord(contact.email_address) ? contact.email_address : {};
    const isWanted = mail.permission_to_send === 'implicit' || mail.permission_to_send === 'explicit';
    const record: DataRecord = { ...contact, Email: mail.address ?? null, newsletterField: isWanted };
    for (const field of Array.isArray(fields) ? fields.filter(isDataRecord) : []) {
      const name = names.get(String(field.custom_field_id));
      if (name !== undefined && !Object.hasOwn(record, name))
        Object.defineProperty(record, name, { value: field.value ?? null, enumerable: true, configurable: true, writable: true });
    }
    return record;
  };
}
