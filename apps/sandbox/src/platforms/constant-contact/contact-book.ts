import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { mailingPeople } from '../mailing-people.ts';

export type Permission = 'implicit' | 'explicit' | 'unsubscribed';

export interface Contact {
  contactId: string;
  email: string;
  permission: Permission;
  /** Properties of the contact itself: first_name, job_title … */
  properties: JsonObject;
  /** Values of custom fields by their name. */
  customFields: Record<string, string>;
  lists: Set<string>;
  /** Milliseconds since 1970. */
  created: number;
  updated: number;
}

/** A stable UUID of a text. */
export function uuidOf(text: string): string {
  const hex = createHash('md5').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

export const lists = [
  { list_id: uuidOf('newsletter'), name: 'Newsletter' },
  { list_id: uuidOf('events'), name: 'Events' },
] as const;

export const customFields = [
  { custom_field_id: uuidOf('cf1'), label: 'Custom Field 1', name: 'Custom_Field_1', type: 'string' },
  { custom_field_id: uuidOf('cf2'), label: 'Favorite Fruit', name: 'Favorite_Fruit', type: 'string' },
] as const;

/** The contacts of one account, by address in lower case, in the order in which they came. */
export class ContactBook {
  readonly contacts = new Map<string, Contact>();

  constructor() {
    this.reset();
  }

  /** 330 contacts: 300 in the newsletter, 15 only in the other list, 15 who unsubscribed and are in none. */
  reset(): void {
    this.contacts.clear();
    mailingPeople(330, 83).forEach((person, index) => {
      const left = index % 22 === 5;
      this.put({
        contactId: uuidOf(`contact ${index}`),
        email: person.email,
        permission: left ? 'unsubscribed' : index % 3 === 0 ? 'explicit' : 'implicit',
        properties: { first_name: person.firstName, last_name: person.lastName },
        customFields: { Custom_Field_1: `gigya-${index}` },
        lists: new Set(left ? [] : [index % 22 === 6 ? lists[1].list_id : lists[0].list_id]),
        created: person.joined,
        updated: person.changed,
      });
    });
  }

  find(email: string): Contact | undefined {
    return this.contacts.get(email.toLowerCase());
  }

  put(contact: Contact): void {
    this.contacts.set(contact.email.toLowerCase(), contact);
  }
}

/** A contact as the API shows it, with the sub-resources that were asked for. */
export function contactAnswer(contact: Contact, included: ReadonlySet<string>): JsonObject {
  const time = (ms: number) => new Date(ms).toISOString();
  const fields = customFields.flatMap(({ custom_field_id, name }) => {
    const value = contact.customFields[name];
    return value === undefined ? [] : [{ custom_field_id, value }];
  });
  return {
    contact_id: contact.contactId,
    email_address: {
      address: contact.email,
      permission_to_send: contact.permission,
      created_at: time(contact.created),
      updated_at: time(contact.updated),
      opt_in_source: 'Account',
      confirm_status: 'off',
    },
    ...contact.properties,
    create_source: 'Account',
    created_at: time(contact.created),
    updated_at: time(contact.updated),
    ...(included.has('custom_fields') ? { custom_fields: fields } : {}),
    ...(included.has('list_memberships') ? { list_memberships: [...contact.lists] } : {}),
  };
}
