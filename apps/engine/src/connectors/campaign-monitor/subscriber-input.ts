import { type DataRecord, type Json, RecordError } from '#dataflow';
import { addressOf, type ToldNames, textOf } from '../sent-fields.ts';
import type { ListField, SubscriberInput } from './campaign-monitor.ts';

/** Characters of a custom field's value; the platform cuts what is longer. */
const LONGEST_VALUE = 250;

interface SubscriberMapping {
  customFields: ReadonlyMap<string, ListField>;
  newsletterField: string;
  consentToTrack: SubscriberInput['ConsentToTrack'];
  /** Gets the fields that are no field of the list. */
  unsent: ToldNames;
}

const addressNames = ['emailaddress', 'email'];

export const subscriberAddress = (record: DataRecord): string => addressOf(record, addressNames, 'EmailAddress');

/** Makes subscribers of records: address, `Name`, and the fields named like a custom field of the list. */
export function subscriberMaker({ customFields, newsletterField, consentToTrack, unsent }: SubscriberMapping) {
  return (record: DataRecord): SubscriberInput => {
    const subscriber: SubscriberInput = { EmailAddress: subscriberAddress(record), CustomFields: [], ConsentToTrack: consentToTrack };
    for (const [name, value] of Object.entries(record)) {
      const lower = name.toLowerCase();
      const field = customFields.get(lower);
      if (name === newsletterField || addressNames.includes(lower)) continue;
      if (lower === 'name') {
        const text = textOf(name, value);
        if (text !== undefined) subscriber.Name = text;
      } else if (field) subscriber.CustomFields.push(...valuesOf(name, value, field));
      else unsent.tell(name);
    }
    return subscriber;
  };
}

/** A list gives an entry for each of its values, where the field takes several; an empty text or list clears the field. */
function valuesOf(name: string, value: Json | undefined, { key, takesSeveral }: ListField): SubscriberInput['CustomFields'] {
  if (takesSeveral && Array.isArray(value) && value.length > 0)
    return value.flatMap((one) => valuesOf(name, one, { key, takesSeveral: false }));
  const text = takesSeveral && Array.isArray(value) ? '' : textOf(name, value);
  if (text === undefined) return [];
  if (text.length > LONGEST_VALUE) {
    throw new RecordError(
      `The field ${name} has ${text.length} characters; Campaign Monitor keeps ${LONGEST_VALUE}. Shorten it before this step.`,
      {
        code: 'limitExceeded',
      },
    );
  }
  return [text === '' ? { Key: key, Value: '', Clear: true } : { Key: key, Value: text }];
}
