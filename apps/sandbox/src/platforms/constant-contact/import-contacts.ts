import { isObject, type Json, type JsonObject } from '../../json.ts';
import { isUuid } from './api-error.ts';
import { type ContactBook, customFields, lists, uuidOf } from './contact-book.ts';

const LARGEST_IMPORT = 40_000;
const kinds = ['home_', 'work_', 'other_', ''];
const longest: Record<string, number> = {
  ...Object.fromEntries(['email', 'first_name', 'last_name', 'job_title', 'company_name'].map((name) => [name, 50])),
  ...Object.fromEntries(['phone', 'home_phone', 'work_phone', 'mobile_phone', 'other_phone'].map((name) => [name, 50])),
  ...Object.fromEntries(kinds.flatMap((kind) => ['city', 'state', 'zip', 'country'].map((part) => [kind + part, 50]))),
  ...Object.fromEntries(kinds.flatMap((kind) => ['street', 'street2'].map((part) => [kind + part, 255]))),
  anniversary: 50,
};

/** What makes the whole request refused; undefined when it is taken. */
export function importFault(body: Json | undefined): string | undefined {
  if (!isObject(body)) return '#: expected type: JSONObject';
  const fault = listFault(body.list_ids);
  if (fault !== undefined) return fault;
  const rows = body.import_data;
  if (!Array.isArray(rows)) return '#: required key [import_data] not found';
  if (rows.length > LARGEST_IMPORT) return `#/import_data: expected maximum item count: ${LARGEST_IMPORT}, found: ${rows.length}`;
  for (const [at, row] of rows.entries()) {
    const wrong = isObject(row) ? rowFault(row) : ': expected type: JSONObject';
    if (wrong !== undefined) return `#/import_data/${at}${wrong}`;
  }
  return undefined;
}

export function listFault(ids: Json | undefined): string | undefined {
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 50) return '#: required key [list_ids] not found';
  if (!ids.every((id) => typeof id === 'string' && isUuid(id))) return '#/list_ids/0: list_id is in an invalid format.';
  return ids.every((id) => lists.some(({ list_id }) => list_id === id)) ? undefined : '#/list_ids/0: list_id was not found.';
}

function rowFault(row: JsonObject): string | undefined {
  let fields = 0;
  for (const [key, value] of Object.entries(row)) {
    const isDay = key === 'birthday_month' || key === 'birthday_day';
    const isCustom = key.startsWith('cf:');
    if (isCustom && ++fields > 25) return ': expected at most 25 custom fields';
    const limit = isCustom ? 255 : longest[key];
    if (isDay ? !Number.isInteger(value) : typeof value !== 'string') return `/${key}: expected type: ${isDay ? 'Integer' : 'String'}`;
    if (!isDay && limit === undefined) return `: extraneous key [${key}] is not permitted`;
    if (isCustom && !customFields.some(({ name }) => `cf:${name}` === key)) return `/${key}: custom field was not found`;
    if (limit !== undefined && String(value).length > limit)
      return `/${key}: expected maxLength: ${limit}, actual: ${String(value).length}`;
  }
  return undefined;
}

/** Takes contacts in and tells the counts of the activity; it does not tell which contacts were left out. */
export function takeIn(book: ContactBook, body: JsonObject, now: number): JsonObject {
  const rows = (Array.isArray(body.import_data) ? body.import_data : []).filter(isObject);
  const ids = (Array.isArray(body.list_ids) ? body.list_ids : []).map(String);
  const counts = { person_count: rows.length, error_count: 0, correctable_count: 0, cannot_add_to_list_count: 0 };
  for (const { email: given, ...row } of rows) {
    const email = String(given ?? '');
    if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[a-z]{2,}$/i.test(email)) {
      counts.correctable_count++;
      continue;
    }
    const known = book.find(email);
    const custom = Object.entries(row).filter(([key]) => key.startsWith('cf:'));
    const isOut = known?.permission === 'unsubscribed';
    if (isOut) counts.cannot_add_to_list_count++;
    book.put({
      contactId: known?.contactId ?? uuidOf(email.toLowerCase()),
      email: known?.email ?? email,
      permission: known?.permission ?? 'implicit',
      properties: { ...known?.properties, ...Object.fromEntries(Object.entries(row).filter(([key]) => !key.startsWith('cf:'))) },
      customFields: { ...known?.customFields, ...Object.fromEntries(custom.map(([key, value]) => [key.slice(3), String(value)])) },
      lists: new Set([...(known?.lists ?? []), ...(isOut ? [] : ids)]),
      created: known?.created ?? now,
      updated: now,
    });
  }
  return counts;
}
