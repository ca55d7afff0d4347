import { type DataRecord, errorCodes, isDataRecord, type Json } from '#dataflow';
import { type Api, type ApiAnswer, type ApiCall, openApi } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';
import type { NetworkContext } from '../network.ts';
import { openSession, type SalesforceCredentials } from './session.ts';

export interface Salesforce extends AsyncDisposable {
  /** A call of the REST API; its path stands below `/services/data/v…`. */
  call(call: ApiCall): Promise<ApiAnswer>;
  download: Api['download'];
}

const TIMEOUT_MS = 300_000;

/** The REST API of an organization. Documentation: developer.salesforce.com/docs, REST API and SOAP API Developer Guides. */
export function openSalesforce(credentials: SalesforceCredentials, context: NetworkContext): Salesforce {
  const session = openSession(credentials, context);
  const baseUrl = new URL(credentials.authEndpoint.trim());
  const api = openApi({ baseUrl, connections: 4, timeoutMs: TIMEOUT_MS, authorization: session, explain }, context);
  return {
    call: async (call) => api.call({ ...call, path: `${await session.dataUrl()}/${call.path}` }),
    async *download(call) {
      yield* api.download({ ...call, path: `${await session.dataUrl()}/${call.path}` });
    },
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

export const fieldsOf = (json: Json | undefined): DataRecord => (isDataRecord(json) ? json : {});

/** What concerns every call and every record. */
const remedies: Record<string, string> = {
  INVALID_SESSION_ID: 'The session ended at once; check the login rules of the user.',
  API_DISABLED_FOR_ORG: 'Give the profile of the user the permission API Enabled, or use an edition with API access.',
  API_CURRENTLY_DISABLED: 'The API of this organization is disabled just now.',
  INSUFFICIENT_ACCESS: 'Give the user permission for the object.',
  NOT_FOUND: 'Check object type and external id field: the field must be an external id or find records, and the user must see both.',
  INVALID_TYPE: 'Check the object type; the user must be allowed to see it.',
  MALFORMED_QUERY: 'Check the names of primaryId and lookupId.',
};
const passing = new Set(['SERVER_UNAVAILABLE', 'UNABLE_TO_LOCK_ROW', 'QUERY_TIMEOUT', 'REQUEST_RUNNING_TOO_LONG']);

function explain({ status, json }: ApiAnswer): Explanation | undefined {
  const { errorCode, message } = fieldsOf(Array.isArray(json) ? json[0] : json);
  if (typeof errorCode !== 'string') return undefined;
  const text = `${errorCode}: ${message}`;
  if (errorCode === 'REQUEST_LIMIT_EXCEEDED') {
    // One code for two limits: calls at a time, which passes, and calls a day, which does not.
    if (/concurrent/i.test(String(message))) return { text, next: 'repeat', throttled: true };
    return {
      text,
      next: 'fail',
      remedy: 'The calls of the last 24 hours are used up. Run the job again later, or ask Salesforce for more.',
    };
  }
  if (passing.has(errorCode)) return { text, next: 'repeat' };
  const remedy = remedies[errorCode];
  if (remedy !== undefined) return { text, next: 'fail', remedy };
  return status === 400 ? { code: errorCodes.invalidRecord, text } : { text };
}
