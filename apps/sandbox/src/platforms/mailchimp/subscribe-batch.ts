import { isObject, type Json, type JsonObject } from '../../json.ts';
import { type Audience, hashOf, interestIds, type Member, type MemberStatus, memberAnswer, mergeTags } from './audience.ts';
import type { FieldProblem } from './problem.ts';

const LARGEST_BATCH = 500;
const settableStatuses = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional'];

/** What is wrong with a batch as a whole, so that none of it is taken: too long, not of the schema, one address twice. */
export function batchProblems(body: Json | undefined): FieldProblem[] {
  if (!isObject(body) || !Array.isArray(body.members)) return [{ field: 'members', message: 'This value should not be blank.' }];
  if (body.members.length > LARGEST_BATCH) return [{ field: 'members', message: `Number of items must be no more than ${LARGEST_BATCH}.` }];
  const problems = body.members.flatMap((member, at) => schemaProblems(member, `members.item:${at}`));
  if (problems.length > 0) return problems;
  const seen = new Set<string>();
  for (const { email_address } of body.members.filter(isObject)) {
    const address = String(email_address).toLowerCase();
    if (seen.has(address)) return [{ field: 'members', message: `Duplicate items found for: '${address}'` }];
    seen.add(address);
  }
  return [];
}

function schemaProblems(member: Json, at: string): FieldProblem[] {
  if (!isObject(member)) return [{ field: at, message: `Schema describes object, ${typeName(member)} found instead` }];
  const problems: FieldProblem[] = [];
  const check = (name: string, value: Json | undefined, wanted: string) => {
    if (value !== undefined && typeName(value) !== wanted)
      problems.push({ field: `${at}.${name}`, message: `Schema describes ${wanted}, ${typeName(value)} found instead` });
  };
  check('email_address', member.email_address ?? null, 'string');
  check('status', member.status, 'string');
  check('merge_fields', member.merge_fields, 'object');
  check('interests', member.interests, 'object');
  for (const [tag, value] of Object.entries(isObject(member.merge_fields) ? member.merge_fields : {})) {
    if (isObject(value)) for (const [part, inner] of Object.entries(value)) check(`merge_fields.${tag}.${part}`, inner, 'string');
    else if (value === null || typeof value === 'boolean' || Array.isArray(value)) check(`merge_fields.${tag}`, value, 'string');
  }
  for (const [id, value] of Object.entries(isObject(member.interests) ? member.interests : {})) check(`interests.${id}`, value, 'boolean');
  return problems;
}

const typeName = (value: Json): string => (value === null ? 'NULL' : Array.isArray(value) ? 'array' : typeof value);

interface Refusal {
  error: string;
  error_code: 'ERROR_CONTACT_EXISTS' | 'ERROR_GENERIC';
  field: string;
  field_message: string;
}

/** `POST /lists/{list_id}`: takes each member or refuses it, and answers with both lists. */
export function subscribeBatch(audience: Audience, body: JsonObject, { listId, now }: { listId: string; now: number }): JsonObject {
  const created: JsonObject[] = [];
  const updated: JsonObject[] = [];
  const errors: JsonObject[] = [];
  for (const entry of Array.isArray(body.members) ? body.members.filter(isObject) : []) {
    const email = String(entry.email_address);
    const known = audience.find(email);
    const refusal = refusalOf(entry, known, body.update_existing === true);
    if (refusal) errors.push({ email_address: email, ...refusal });
    else {
      const member = merged(entry, known, now);
      audience.put(member);
      (known ? updated : created).push(memberAnswer(member, listId));
    }
  }
  return {
    new_members: created,
    updated_members: updated,
    errors,
    total_created: created.length,
    total_updated: updated.length,
    error_count: errors.length,
    _links: [],
  };
}

function refusalOf(entry: JsonObject, known: Member | undefined, updates: boolean): Refusal | undefined {
  const email = String(entry.email_address);
  const generic = (error: string, field = '', message = ''): Refusal => ({
    error,
    error_code: 'ERROR_GENERIC',
    field,
    field_message: message,
  });
  if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[a-z]{2,}$/i.test(email)) return generic('Please provide a valid email address.');
  if (/@example\.invalid$/i.test(email)) return generic(`${email} looks fake or invalid, please enter a real email address.`);
  if (known && !updates)
    return { ...generic(`${email} is already a list member, do you want to update?`), error_code: 'ERROR_CONTACT_EXISTS' };
  if (!known && !settableStatuses.includes(String(entry.status)))
    return generic('Your subscription status is invalid.', 'status', 'Please choose one');
  if (known?.selfUnsubscribed && entry.status === 'subscribed')
    return generic(`${email} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.`);
  const fields = isObject(entry.merge_fields) ? entry.merge_fields : {};
  for (const { tag, type } of mergeTags) {
    const value = fields[tag];
    if (type === 'number' && value !== undefined && value !== '' && Number.isNaN(Number(value)))
      return generic('Your merge fields were invalid.', tag, 'Please enter a number');
    if (
      type === 'address' &&
      value !== undefined &&
      value !== '' &&
      !(isObject(value) && value.addr1 && value.city && value.state && value.zip)
    )
      return generic('Your merge fields were invalid.', tag, 'Please enter a complete address');
  }
  const unknown = Object.keys(isObject(entry.interests) ? entry.interests : {}).find((id) => !interestIds.some((one) => one === id));
  return unknown === undefined ? undefined : generic(`Invalid interest ID: '${unknown}'.`, `interests.${unknown}`, 'Unknown interest');
}

/** Merge fields that the list does not have are left out, as the platform does. */
function merged(entry: JsonObject, known: Member | undefined, now: number): Member {
  const email = String(entry.email_address);
  const given = isObject(entry.merge_fields) ? entry.merge_fields : {};
  const fields = Object.fromEntries(mergeTags.flatMap(({ tag }) => (given[tag] === undefined ? [] : [[tag, given[tag]]])));
  const before = known ?? {
    mergeFields: Object.fromEntries(mergeTags.map(({ tag }) => [tag, ''])),
    interests: Object.fromEntries(interestIds.map((id) => [id, false])),
    optedIn: now,
    selfUnsubscribed: false,
    status: 'subscribed' as const,
  };
  return {
    ...before,
    id: hashOf(email),
    email,
    status: (entry.status as MemberStatus | undefined) ?? before.status,
    mergeFields: { ...before.mergeFields, ...fields },
    interests: { ...before.interests, ...(entry.interests as Record<string, boolean> | undefined) },
    changed: now,
  };
}
