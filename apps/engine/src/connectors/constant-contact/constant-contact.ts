import { type Connection, type DataRecord, FatalError, isDataRecord, type Json, RecordError, retriedRead } from '#dataflow';
import { httpUrl } from '../http.ts';
import { type Api, openApi } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';
import { ToldNames } from '../sent-fields.ts';
import { type ActivityOutcome, activityOutcome } from './activity.ts';
import { authorizationOf, type ConstantContactCredentials } from './authorization.ts';
import { explainConstantContact } from './explain.ts';

export interface ConstantContactSettings extends ConstantContactCredentials {
  apiUrl: string;
  listId: string;
  callsPerSecond: number;
  timeoutMs: number;
}

export interface CustomField {
  id: string;
  /** As people see it: `Custom Field 1`. */
  label: string;
  /** As imports name it: `Custom_Field_1`. */
  name: string;
}

/** What is known of the list before it is read or written. */
export interface ListFacts {
  name: string;
  members: number;
  customFields: CustomField[];
}

/** Undefined values are left out. */
export type ContactQuery = Record<string, string | number | boolean | undefined>;

export interface ContactPage {
  contacts: DataRecord[];
  /** Of all pages, when it was asked for. */
  total: number | undefined;
  /** Query of the next page; undefined after the last. */
  next: ContactQuery | undefined;
}

/** One list of a Constant Contact account. */
export interface ConstantContactList extends Connection {
  /** Checks that the list is there. Fetched once; FatalError when it is not. */
  facts(): Promise<ListFacts>;
  contacts(query: ContactQuery): Promise<ContactPage>;
  /** Adds or updates contacts, each address once, and waits for the end. Throws RecordError when all were refused together. */
  bringIn(contacts: readonly Record<string, Json>[]): Promise<ActivityOutcome>;
  /** Takes up to 500 contacts off the list and waits for the end. */
  takeOff(contactIds: readonly string[]): Promise<void>;
  /** Record fields that no contact has, told once each in the trace. */
  readonly unsent: ToldNames;
}

/** Bytes of a request; the platform drops what is beyond. */
const LARGEST_BODY = 4_000_000;

export function openConstantContact(settings: ConstantContactSettings, context: NetworkContext): ConstantContactList {
  const { listId, callsPerSecond, timeoutMs } = settings;
  const authorization = authorizationOf(settings, { timeoutMs, context });
  const baseUrl = httpUrl(settings.apiUrl, 'The API address');
  const api = openApi({ baseUrl, connections: 2, timeoutMs, callsPerSecond, authorization, explain: explainConstantContact }, context);
  let facts: Promise<ListFacts> | undefined;
  return {
    facts() {
      facts ??= fetchFacts(api, listId, context).catch((thrown) => {
        facts = undefined;
        throw thrown;
      });
      return facts;
    },
    async contacts(query) {
      const answer = objectOf((await api.call({ path: 'contacts', query })).json, 'contacts');
      const href = objectOf(objectOf(answer._links ?? {}).next ?? {}).href;
      return {
        contacts: objectsOf(answer.contacts, 'contacts'),
        total: typeof answer.contacts_count === 'number' ? answer.contacts_count : undefined,
        next: typeof href === 'string' ? Object.fromEntries(new URL(href, baseUrl).searchParams) : undefined,
      };
    },
    async bringIn(contacts) {
      const content = JSON.stringify({ import_data: contacts, list_ids: [listId] });
      if (Buffer.byteLength(content) > LARGEST_BODY)
        throw new RecordError(`The contacts have more than ${LARGEST_BODY} bytes, which one import cannot hold.`, {
          code: 'limitExceeded',
        });
      const { json } = await api.call({ path: 'activities/contacts_json_import', body: { type: 'application/json', content } });
      return activityOutcome(api, objectOf(json, 'an activity'), context);
    },
    async takeOff(contactIds) {
      const json = { source: { contact_ids: contactIds }, list_ids: [listId] };
      const answer = await api.call({ path: 'activities/remove_list_memberships', json });
      await activityOutcome(api, objectOf(answer.json, 'an activity'), context);
    },
    unsent: new ToldNames(
      context.log,
      (name) => `The field ${name} is no field of a contact and no custom field of the account, so it is not sent.`,
    ),
    async test() {
      const { json } = await api.call({ path: `contact_lists/${encodeURIComponent(listId)}` });
      const { name, membership_count: members } = objectOf(json, 'the list');
      return `The list "${String(name)}" with ${Number(members)} contacts is there.`;
    },
    [Symbol.asyncDispose]: async () => {
      await authorization[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

async function fetchFacts(api: Api, listId: string, context: NetworkContext): Promise<ListFacts> {
  const get = (path: string) => retriedRead(() => api.call({ path }), context);
  const list = await get(`contact_lists/${encodeURIComponent(listId)}`).catch((thrown) => {
    if (!(thrown instanceof RecordError)) throw thrown;
    throw new FatalError(`${thrown.message} Give the list_id of the V3 API, a UUID.`, { code: thrown.code, details: thrown.details });
  });
  const { name, membership_count: members } = objectOf(list.json, 'the list');
  const fields = objectOf((await get('contact_custom_fields?limit=100')).json, 'custom fields').custom_fields;
  const customFields = objectsOf(fields, 'custom fields').map((field) => ({
    id: String(field.custom_field_id),
    label: String(field.label),
    name: String(field.name),
  }));
  return { name: String(name), members: Number(members), customFields };
}

function objectOf(value: Json | undefined, what = 'an object'): DataRecord {
  if (isDataRecord(value)) return value;
  throw new FatalError(`The API answered without ${what}. Check that the API address is one of Constant Contact's V3 API.`, {
    code: 'targetRefused',
  });
}

function objectsOf(value: Json | undefined, what: string): DataRecord[] {
  if (Array.isArray(value)) return value.filter(isDataRecord);
  throw new FatalError(`The API answered without ${what}. Check that the API address is one of Constant Contact's V3 API.`, {
    code: 'targetRefused',
  });
}
