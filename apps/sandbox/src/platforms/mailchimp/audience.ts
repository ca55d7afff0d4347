import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { mailingPeople } from '../mailing-people.ts';

export const memberStatuses = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional', 'archived'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

export interface Member {
  /** MD5 of the address in lower case. */
  id: string;
  email: string;
  status: MemberStatus;
  mergeFields: JsonObject;
  interests: Record<string, boolean>;
  /** Milliseconds since 1970. */
  optedIn: number;
  changed: number;
  /** Opted out by the member's own act, so that no API call can subscribe them again. */
  selfUnsubscribed: boolean;
}

export const mergeTags = [
  { tag: 'FNAME', name: 'First Name', type: 'text', required: false },
  { tag: 'LNAME', name: 'Last Name', type: 'text', required: false },
  { tag: 'UNAME', name: 'User Name', type: 'text', required: false },
  { tag: 'ADDRESS', name: 'Address', type: 'address', required: false },
  { tag: 'AGE', name: 'Age', type: 'number', required: false },
] as const;

/** The groups (interests) of the list. */
export const interestIds = ['9143cf3bd1', '3a2a927344', 'f9c8f5f0ff'] as const;

export const hashOf = (email: string): string => createHash('md5').update(email.toLowerCase()).digest('hex');

/** The members of one list (audience), in the order in which they joined. */
export class Audience {
  readonly members = new Map<string, Member>();

  constructor() {
    this.reset();
  }

  reset(): void {
    this.members.clear();
    mailingPeople(250, 31).forEach((person, index) => {
      const status: MemberStatus = index % 10 === 3 ? 'unsubscribed' : index % 25 === 7 ? 'cleaned' : 'subscribed';
      this.put({
        id: hashOf(person.email),
        email: person.email,
        status,
        mergeFields: { FNAME: person.firstName, LNAME: person.lastName, UNAME: '', ADDRESS: '', AGE: 20 + (index % 60) },
        interests: Object.fromEntries(interestIds.map((id, at) => [id, (index + at) % 3 === 0])),
        optedIn: person.joined,
        changed: person.changed,
        selfUnsubscribed: status === 'unsubscribed',
      });
    });
  }

  put(member: Member): void {
    this.members.set(member.id, member);
  }

  find(email: string): Member | undefined {
    return this.members.get(hashOf(email));
  }
}

const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** A member as the API shows it. */
export function memberAnswer(member: Member, listId: string): JsonObject {
  const { id, email, status, mergeFields, interests, optedIn, changed } = member;
  return {
    id,
    email_address: email,
    unique_email_id: id.slice(0, 10),
    contact_id: id,
    full_name: [mergeFields.FNAME, mergeFields.LNAME].filter((part) => typeof part === 'string' && part !== '').join(' '),
    web_id: Number.parseInt(id.slice(0, 7), 16),
    email_type: 'html',
    status,
    consents_to_one_to_one_messaging: true,
    merge_fields: mergeFields,
    interests,
    stats: { avg_open_rate: 0, avg_click_rate: 0 },
    ip_signup: '',
    timestamp_signup: '',
    ip_opt: '198.51.100.7',
    timestamp_opt: isoSeconds(optedIn),
    member_rating: 2,
    last_changed: isoSeconds(changed),
    language: '',
    vip: false,
    email_client: '',
    location: { latitude: 0, longitude: 0, gmtoff: 0, dstoff: 0, country_code: '', timezone: '', region: '' },
    source: 'API - Generic',
    tags_count: 0,
    tags: [],
    list_id: listId,
    _links: [{ rel: 'self', href: `https://us6.api.mailchimp.com/3.0/lists/${listId}/members/${id}`, method: 'GET' }],
  };
}
