import { compileGet, type DataRecord, type Json, RecordError } from '#dataflow';
import { addressOf, type ToldNames, textOf } from '../sent-fields.ts';
import { readFlag, type Wish } from '../subscription-flag.ts';
import type { MemberInput } from './mailchimp.ts';

export interface InterestMapping {
  field: string;
  interestId: string;
}

interface MemberMapping {
  /** Merge tags of the list in upper case, with their types. */
  mergeFields: ReadonlyMap<string, string>;
  newsletterField: string;
  interests: readonly InterestMapping[];
  /** Gets the fields that are no merge tag of the list. */
  unsent: ToldNames;
}

const addressNames = ['email', 'email_address', 'emailaddress'];

/** Makes members of records: the fields named like merge tags, and the interests. */
export function memberMaker({ mergeFields, newsletterField, interests, unsent }: MemberMapping) {
  const flags = interests.map(({ field, interestId }) => ({ field, interestId, get: compileGet(field) }));
  const known = new Set([newsletterField, ...interests.map(({ field }) => field)]);

  const mergeValues = (record: DataRecord): Record<string, Json> => {
    const values: Record<string, Json> = {};
    for (const [name, value] of Object.entries(record)) {
      const tag = name.toUpperCase();
      const type = mergeFields.get(tag);
      if (known.has(name) || addressNames.includes(name.toLowerCase())) continue;
      if (type === undefined) unsent.tell(name);
      else if (value !== undefined && value !== null)
        values[tag] = type === 'address' ? postalAddress(name, value) : mergeValue(name, value);
    }
    return values;
  };

  return (record: DataRecord, wish: Exclude<Wish, 'skip'>): MemberInput => {
    const wanted = flags.flatMap(({ field, interestId, get }) => {
      const flag = readFlag(get(record), field);
      return flag === undefined ? [] : [[interestId, flag] as const];
    });
    return {
      email_address: addressOf(record, addressNames, 'EMAIL'),
      status: wish === 'subscribe' ? 'subscribed' : 'unsubscribed',
      merge_fields: mergeValues(record),
      ...(wanted.length === 0 ? {} : { interests: Object.fromEntries(wanted) }),
    };
  };
}

const mergeValue = (name: string, value: Json): Json => (typeof value === 'number' ? value : (textOf(name, value) ?? ''));

/** An address has parts: addr1, city, state, zip … */
function postalAddress(name: string, value: Json): Json {
  if (!Array.isArray(value)) return value;
  throw new RecordError(`The field ${name} holds a list, and an address is an object with addr1, city, state and zip.`, {
    code: 'invalidRecord',
  });
}
