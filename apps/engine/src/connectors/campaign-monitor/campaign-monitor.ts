import { type Connection, type DataRecord, FatalError, isDataRecord, type Json, RecordError, retriedRead } from '#dataflow';
import { httpUrl } from '../http.ts';
import { type ApiAnswer, openApi } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';
import type { ListPage } from '../moving-pages.ts';
import type { NetworkContext } from '../network.ts';
import { ToldNames } from '../sent-fields.ts';

export interface CampaignMonitorSettings {
  apiUrl: string;
  apiKey: string;
  listId: string;
  connections: number;
  timeoutMs: number;
}

/** A subscriber as an import takes it. */
export interface SubscriberInput {
  EmailAddress: string;
  Name?: string;
  CustomFields: { Key: string; Value: string; Clear?: true }[];
  ConsentToTrack: 'Yes' | 'No' | 'Unchanged';
}

/** A custom field of the list; its key without brackets. */
export interface ListField {
  key: string;
  takesSeveral: boolean;
}

export interface ImportFailure {
  /** In lower case. */
  address: string;
  code: number;
  text: string;
}

/** One list of a Campaign Monitor account. */
export interface CampaignMonitorList extends Connection {
  /** A page of subscribers of one state, as the API shows them. */
  subscribers(state: string, query: Record<string, string | number | undefined>): Promise<ListPage>;
  /** Custom fields by name and by key, both in lower case. Fetched once. */
  customFields(): Promise<Map<string, ListField>>;
  /** Adds or updates up to 1000 subscribers, each address once, and tells which were refused. Throws RecordError when all were refused together. */
  bringIn(subscribers: readonly SubscriberInput[], resubscribe: boolean): Promise<ImportFailure[]>;
  /** Unsubscribes an address; one that is not in the list is as wanted. Throws RecordError when it is refused. */
  unsubscribe(address: string): Promise<void>;
  /** Record fields that are no field of the list, told once each in the trace. */
  readonly unsent: ToldNames;
}

const NOT_IN_LIST = 203;
const SOME_FAILED = 210;

export function openCampaignMonitor(settings: CampaignMonitorSettings, context: NetworkContext): CampaignMonitorList {
  const { apiUrl, apiKey, connections, timeoutMs } = settings;
  const authorization = `Basic ${Buffer.from(`${apiKey}:x`).toString('base64')}`;
  const baseUrl = httpUrl(apiUrl, 'The API address');
  const isSuccess = (answer: ApiAnswer) => (answer.status >= 200 && answer.status < 300) || codeOf(answer.json) === SOME_FAILED;
  const api = openApi({ baseUrl, connections, timeoutMs, headers: { authorization }, explain, isSuccess }, context);
  const id = encodeURIComponent(settings.listId);
  let fields: Promise<Map<string, ListField>> | undefined;
  const fetchFields = async () => {
    const { json } = await retriedRead(() => api.call({ path: `lists/${id}/customfields.json` }), context);
    return new Map(objects(json, 'custom fields').flatMap(namesOf));
  };
  return {
    async subscribers(state, query) {
      const { json } = await api.call({ path: `lists/${id}/${state}.json`, query });
      const { Results, TotalNumberOfRecords } = isDataRecord(json) ? json : {};
      return { records: objects(Results, 'subscribers'), total: Number(TotalNumberOfRecords) };
    },
    customFields() {
      fields ??= fetchFields().catch((thrown) => {
        fields = undefined;
        throw thrown;
      });
      return fields;
    },
    async bringIn(subscribers, resubscribe) {
      const options = {
        Resubscribe: resubscribe,
        QueueSubscriptionBasedAutoResponders: false,
        RestartSubscriptionBasedAutoresponders: false,
      };
      const { json } = await api.call({ path: `subscribers/${id}/import.json`, json: { Subscribers: subscribers, ...options } });
      const result = isDataRecord(json) && isDataRecord(json.ResultData) ? json.ResultData : json;
      return objects(isDataRecord(result) ? result.FailureDetails : undefined, 'failures').map(failureOf);
    },
    async unsubscribe(address) {
      try {
        await api.call({ path: `subscribers/${id}/unsubscribe.json`, json: { EmailAddress: address } });
      } catch (thrown) {
        if (!(thrown instanceof RecordError && thrown.code === NOT_IN_LIST)) throw thrown;
      }
    },
    unsent: new ToldNames(context.log, (name) => `The field ${name} is no field of the list, so it is not sent.`),
    async test() {
      const { json } = await api.call({ path: `lists/${id}.json` });
      return `The list "${isDataRecord(json) ? String(json.Title) : ''}" is there.`;
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** The platform's own code decides: it answers 401 for an unknown list too. */
function explain({ json, status, headers }: ApiAnswer): Explanation | undefined {
  const code = codeOf(json);
  if (code === undefined || !isDataRecord(json)) return undefined;
  const text = `${String(json.Message).replace(/\s+/g, ' ').replace(/\.$/, '')} (code ${code})`;
  if (status === 429) {
    const seconds = Number(headers['x-ratelimit-reset']);
    return { text, retryAfterMs: seconds > 0 && seconds <= 600 ? seconds * 1000 : undefined };
  }
  if (code === 101)
    return { code, text, next: 'fail', remedy: 'Check the list id, and that the API key belongs to its account or client.' };
  if (status === 401) return { text, next: 'fail', remedy: 'Check the API key.' };
  return status === 403 || status === 404 ? { code, text, next: 'fail' } : { code, text };
}

const codeOf = (json: Json | undefined): number | undefined =>
  isDataRecord(json) && typeof json.Code === 'number' ? json.Code : undefined;

const failureOf = ({ EmailAddress, Code, Message }: DataRecord): ImportFailure => ({
  address: String(EmailAddress).toLowerCase(),
  code: Number(Code),
  text: `${String(Message).replace(/\.$/, '')} (code ${String(Code)}).`,
});

function namesOf({ FieldName, Key, DataType }: DataRecord): [string, ListField][] {
  const key = String(Key).replace(/^\[|\]$/g, '');
  const field = { key, takesSeveral: DataType === 'MultiSelectMany' };
  return [
    [String(FieldName).toLowerCase(), field],
    [key.toLowerCase(), field],
  ];
}

function objects(list: Json | undefined, what: string): DataRecord[] {
  if (Array.isArray(list)) return list.filter(isDataRecord);
  throw new FatalError(`The API answered without ${what}. Check that the API address is Campaign Monitor's.`, { code: 'targetRefused' });
}
