import { mailingPeople } from '../mailing-people.ts';

export const subscriberStates = ['Active', 'Unsubscribed', 'Bounced', 'Deleted', 'Unconfirmed'] as const;
export type SubscriberState = (typeof subscriberStates)[number];

export interface Subscriber {
  email: string;
  name: string;
  state: SubscriberState;
  /** When the state began, and when the subscriber joined; milliseconds since 1970. */
  date: number;
  joined: number;
  /** By key without brackets; several values for fields of several choices. */
  customFields: Record<string, string[]>;
}

export const customFields = [
  { FieldName: 'GigyaUID', Key: '[GigyaUID]', DataType: 'Text', FieldOptions: [] },
  { FieldName: 'Favourite Topics', Key: '[FavouriteTopics]', DataType: 'MultiSelectMany', FieldOptions: ['Sport', 'Music', 'Travel'] },
  { FieldName: 'Age', Key: '[Age]', DataType: 'Number', FieldOptions: [] },
] as const;

/** The subscribers of one list, by address in lower case. */
export class SubscriberList {
  readonly subscribers = new Map<string, Subscriber>();

  constructor() {
    this.reset();
  }

  reset(): void {
    this.subscribers.clear();
    mailingPeople(240, 57).forEach((person, index) => {
      const state = subscriberStates[index % 20 < subscriberStates.length ? index % 20 : 0] ?? 'Active';
      this.put({
        email: person.email,
        name: `${person.firstName} ${person.lastName}`,
        state,
        date: person.changed,
        joined: person.joined,
        customFields: { GigyaUID: [`gigya-${index}`], ...(index % 3 === 0 ? { FavouriteTopics: ['Sport', 'Travel'] } : {}) },
      });
    });
  }

  find(email: string): Subscriber | undefined {
    return this.subscribers.get(email.toLowerCase());
  }

  put(subscriber: Subscriber): void {
    this.subscribers.set(subscriber.email.toLowerCase(), subscriber);
  }
}

export const dateText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** A subscriber as the API shows it. */
export const subscriberAnswer = ({ email, name, date, joined, state, customFields: fields }: Subscriber) => ({
  EmailAddress: email,
  Name: name,
  Date: dateText(date),
  ListJoinedDate: dateText(joined),
  State: state,
  CustomFields: Object.entries(fields).flatMap(([Key, values]) => values.map((Value) => ({ Key, Value }))),
  ReadsEmailWith: '',
});

export const isAddress = (text: string): boolean => /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[a-z]{2,}$/i.test(text);
