import type { Response } from 'express';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { answerError, notOfTheSchema } from './api-error.ts';
import { customFields, isAddress, type Subscriber, type SubscriberList } from './subscriber-list.ts';

const LARGEST_IMPORT = 1000;
/** Why a subscriber who is not active is not added again without `Resubscribe`. */
const inactive = {
  Deleted: { Code: 205, Message: 'Is Deleted' },
  Unsubscribed: { Code: 206, Message: 'Is Unsubscribed' },
  Bounced: { Code: 207, Message: 'Is Bounced' },
  Unconfirmed: { Code: 208, Message: 'Is Unconfirmed' },
} as const;

interface Entry {
  email: string;
  name: string | undefined;
  fields: { Key: string; Value: string; Clear: boolean }[];
}

/**
 * `POST /subscribers/{id}/import.json`. All in: 201. Some refused: 400 with code 210, and what happened under `ResultData`. A NUL
 * anywhere is taken as a request that cannot be read; the documentation does not say so.
 */
export function importSubscribers(
  list: SubscriberList,
  { body, response, now }: { body: Json | undefined; response: Response; now: number },
): void {
  const read = readImport(body);
  if (typeof read === 'string') {
    notOfTheSchema(response, read);
    return;
  }
  const result = takeIn(list, read.entries, { resubscribe: read.resubscribe, now });
  if (result.FailureDetails.length === 0) response.status(201).json(result);
  else answerError(response, 400, { code: 210, message: 'Subscriber Import had some failures', data: result });
}

/** An import, or the name of the field that is not of the schema. */
function readImport(body: Json | undefined): { entries: Entry[]; resubscribe: boolean } | string {
  if (!isObject(body) || !Array.isArray(body.Subscribers)) return 'subscribers';
  if (typeof body.Resubscribe !== 'boolean') return 'resubscribe';
  if (body.Subscribers.length > LARGEST_IMPORT) return `subscribers (at most ${LARGEST_IMPORT})`;
  const read = body.Subscribers.map(readEntry);
  const entries = read.filter((entry) => typeof entry !== 'string');
  const wrong = read.findIndex((entry) => typeof entry === 'string');
  return wrong < 0 ? { entries, resubscribe: body.Resubscribe } : `subscribers[${wrong}].${String(read[wrong])}`;
}

/** An entry of the import, or the name of the field that is not of the schema. */
function readEntry(entry: Json): Entry | string {
  if (!isObject(entry)) return 'object';
  if (typeof entry.EmailAddress !== 'string') return 'emailaddress';
  if (entry.Name !== undefined && typeof entry.Name !== 'string') return 'name';
  if (!['Yes', 'No', 'Unchanged'].includes(String(entry.ConsentToTrack))) return 'consenttotrack';
  if (JSON.stringify(entry).includes('\\u0000')) return 'name';
  const fields = entry.CustomFields ?? [];
  if (!Array.isArray(fields) || !fields.every(isCustomField)) return 'customfields';
  return {
    email: entry.EmailAddress,
    name: entry.Name,
    fields: fields.map(({ Key, Value, Clear }) => ({
      Key: String(Key).replace(/^\[|\]$/g, ''),
      Value: String(Value),
      Clear: Clear === true,
    })),
  };
}

const isCustomField = (field: Json): field is JsonObject =>
  isObject(field) && typeof field.Key === 'string' && (typeof field.Value === 'string' || typeof field.Value === 'number');

function takeIn(list: SubscriberList, entries: Entry[], { resubscribe, now }: { resubscribe: boolean; now: number }) {
  const seen = new Set<string>();
  const result = {
    FailureDetails: [] as { EmailAddress: string; Code: number; Message: string }[],
    TotalUniqueEmailsSubmitted: 0,
    TotalExistingSubscribers: 0,
    TotalNewSubscribers: 0,
    DuplicateEmailsInSubmission: [] as string[],
  };
  for (const entry of entries) {
    const key = entry.email.toLowerCase();
    if (seen.has(key)) {
      result.DuplicateEmailsInSubmission.push(entry.email);
      continue;
    }
    seen.add(key);
    const known = list.find(entry.email);
    const refusal = refusalOf(entry, known, resubscribe);
    if (refusal) result.FailureDetails.push({ EmailAddress: entry.email, ...refusal });
    else {
      list.put(merged(entry, known, now));
      result[known ? 'TotalExistingSubscribers' : 'TotalNewSubscribers']++;
    }
  }
  return { ...result, TotalUniqueEmailsSubmitted: seen.size };
}

function refusalOf({ email }: Entry, known: Subscriber | undefined, resubscribe: boolean): { Code: number; Message: string } | undefined {
  if (!isAddress(email)) return { Code: 1, Message: 'Invalid Email Address' };
  return known && known.state !== 'Active' && !resubscribe ? inactive[known.state] : undefined;
}

/** Fields that the list does not have are left out, values are cut at 250 characters. */
function merged({ email, name, fields }: Entry, known: Subscriber | undefined, now: number): Subscriber {
  const values = { ...known?.customFields };
  for (const { Key } of customFields) {
    const key = Key.slice(1, -1);
    const given = fields.filter((field) => field.Key.toLowerCase() === key.toLowerCase());
    if (given.length === 0) continue;
    const kept = given.filter(({ Value, Clear }) => !Clear && Value !== '').map(({ Value }) => Value.slice(0, 250));
    if (kept.length > 0) values[key] = kept;
    else if (given.some(({ Clear }) => Clear)) delete values[key];
  }
  const isActive = known?.state === 'Active';
  return {
    email,
    name: name ?? known?.name ?? '',
    state: 'Active',
    date: isActive ? known.date : now,
    joined: known?.joined ?? now,
    customFields: values,
  };
}
