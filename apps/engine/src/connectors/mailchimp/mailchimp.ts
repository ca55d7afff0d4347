import { type Connection, type DataRecord, FatalError, isDataRecord, type Json, retriedRead } from '#dataflow';
import { httpUrl } from '../http.ts';
import { openApi } from '../http-api.ts';
import type { ListPage } from '../moving-pages.ts';
import type { NetworkContext } from '../network.ts';
import { ToldNames } from '../sent-fields.ts';
import { explainMailchimp } from './explain.ts';

export interface MailchimpSettings {
  apiUrl: string;
  apiKey: string;
  listId: string;
  connections: number;
  timeoutMs: number;
}

/** A member as a batch call takes it. */
export interface MemberInput {
  email_address: string;
  status: 'subscribed' | 'unsubscribed';
  merge_fields: Record<string, Json>;
  interests?: Record<string, boolean>;
}

/** What a batch call answered. */
export interface BatchAnswer {
  /** Addresses in lower case. */
  accepted: Set<string>;
  refused: { address: string; text: string }[];
}

/** One list (audience) of a Mailchimp account. */
export interface MailchimpList extends Connection {
  /** A page of members, `_links` left out; `offset` and `count` count members. */
  members(query: Record<string, string | number | undefined>): Promise<ListPage>;
  /** Merge tags of the list in upper case, with their types. Fetched once. */
  mergeFields(): Promise<Map<string, string>>;
  /** Record fields that are no merge tag, told once each in the trace. */
  readonly unsent: ToldNames;
  /** Adds or updates up to 500 members, each address once. Throws RecordError when all of them were refused together. */
  subscribe(members: readonly MemberInput[]): Promise<BatchAnswer>;
}

export function openMailchimp(
  { apiUrl, apiKey, listId, connections, timeoutMs }: MailchimpSettings,
  context: NetworkContext,
): MailchimpList {
  const authorization = `Basic ${Buffer.from(`apikey:${apiKey}`).toString('base64')}`;
  const api = openApi(
    { baseUrl: addressOf(apiUrl, apiKey), connections, timeoutMs, headers: { authorization }, explain: explainMailchimp },
    context,
  );
  const list = `lists/${encodeURIComponent(listId)}`;
  const get = async (path: string, query: Record<string, string | number | undefined>) => (await api.call({ path, query })).json;
  let fields: Promise<Map<string, string>> | undefined;
  const fetchFields = async () => {
    const query = { count: 1000, fields: 'merge_fields.tag,merge_fields.type' };
    const found = listOf(await retriedRead(() => get(`${list}/merge-fields`, query), context), 'merge_fields');
    return new Map(found.map(({ tag, type }) => [String(tag).toUpperCase(), String(type)]));
  };
  return {
    async members(query) {
      const answer = await get(`${list}/members`, { ...query, exclude_fields: '_links,members._links' });
      return { records: listOf(answer, 'members'), total: Number((answer as DataRecord).total_items) };
    },
    mergeFields() {
      fields ??= fetchFields().catch((thrown) => {
        fields = undefined;
        throw thrown;
      });
      return fields;
    },
    unsent: new ToldNames(context.log, (name) => `The field ${name} is no merge tag of the list, so it is not sent.`),
    async subscribe(members) {
      const { json } = await api.call({ method: 'POST', path: list, json: { members, update_existing: true } });
      const accepted = [...listOf(json, 'new_members'), ...listOf(json, 'updated_members')];
      return {
        accepted: new Set(accepted.map(({ email_address }) => String(email_address).toLowerCase())),
        refused: listOf(json, 'errors').map((error) => ({ address: String(error.email_address).toLowerCase(), text: refusalText(error) })),
      };
    },
    async test() {
      const found = (await get(list, { fields: 'name,stats.member_count' })) as
        | { name?: Json; stats?: { member_count?: Json } }
        | undefined;
      return `The list "${String(found?.name)}" with ${Number(found?.stats?.member_count)} subscribed members is there.`;
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** The address with the data centre of the key in place of `<dc>`. */
function addressOf(apiUrl: string, apiKey: string): URL {
  if (!/<dc>/i.test(apiUrl)) return httpUrl(apiUrl, 'The API address');
  const dataCentre = /-([a-z]+\d+)$/.exec(apiKey.trim())?.[1];
  if (dataCentre === undefined) {
    throw new FatalError(
      'The API address holds <dc>, and the API key does not end with a data centre such as -us6. Put the data centre into the address.',
      {
        code: 'invalidParameter',
      },
    );
  }
  return httpUrl(apiUrl.replace(/<dc>/gi, dataCentre), 'The API address');
}

function listOf(answer: Json | undefined, name: string): DataRecord[] {
  const list = isDataRecord(answer) ? answer[name] : undefined;
  if (Array.isArray(list)) return list.filter((entry): entry is DataRecord => isDataRecord(entry));
  throw new FatalError(`The API answered without ${name}. Check that the API address is one of Mailchimp's Marketing API.`, {
    code: 'targetRefused',
  });
}

/** `Your merge fields were invalid (ERROR_GENERIC, AGE: Please enter a number)`. */
function refusalText({ error, error_code: code, field, field_message: message }: DataRecord): string {
  const place = field ? `${String(field)}${message ? `: ${String(message)}` : ''}` : undefined;
  const about = [code, place].filter((part) => typeof part === 'string' && part !== '').join(', ');
  return `${String(error).replace(/\.$/, '')}${about === '' ? '' : ` (${about})`}.`;
}
