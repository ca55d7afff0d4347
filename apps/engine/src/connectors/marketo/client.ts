import { ConfigError, type Connection, type DataRecord, isDataRecord, type Json } from '#dataflow';
import { httpUrl } from '../http.ts';
import { type Api, type ApiAnswer, type ApiCall, openApi } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';
import type { NetworkContext } from '../network.ts';
import { bearerToken } from '../oauth-token.ts';

export interface MarketoSettings {
  /** `https://123-ABC-456.mktorest.com`; a `/rest` or `/identity` at its end is left out. */
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** Calls in flight at a time; the platform takes 10 for all that use the subscription. */
  connections: number;
}

/** A field of leads under its REST name. */
export interface LeadField {
  name: string;
  dataType: string;
}

export interface Marketo extends Connection {
  /** The objects of a call's `result`. */
  results(call: ApiCall): Promise<DataRecord[]>;
  download: Api['download'];
  leadFields(): Promise<LeadField[]>;
}

const TIMEOUT_MS = 120_000;
/** 100 calls in 20 seconds. */
const CALLS_PER_SECOND = 5;

/**
 * Marketo Engage by REST. Tokens come from `identity/oauth/token`; refusals come with HTTP 200 and `success: false`.
 * Documentation: experienceleague.adobe.com/docs/marketo-developer/marketo/rest, authentication, error-codes and integration-best-practices.
 */
export function openMarketo(settings: MarketoSettings, context: NetworkContext): Marketo {
  const baseUrl = instanceUrl(settings.baseUrl);
  const { clientId: client_id, clientSecret: client_secret } = settings;
  const authorization = bearerToken(
    {
      url: new URL(`${baseUrl.href}/identity/oauth/token`),
      as: 'query',
      grant: { grant_type: 'client_credentials', client_id, client_secret },
      timeoutMs: TIMEOUT_MS,
    },
    context,
  );
  const api = openApi(
    {
      baseUrl,
      connections: settings.connections,
      timeoutMs: TIMEOUT_MS,
      callsPerSecond: CALLS_PER_SECOND,
      authorization,
      isSuccess: ({ status, json }) => status >= 200 && status < 300 && fieldsOf(json).success === true,
      isUnauthorized: (answer) => answer.status === 401 || errorOf(answer)?.code === 601 || errorOf(answer)?.code === 602,
      explain,
    },
    context,
  );
  const results = async (call: ApiCall): Promise<DataRecord[]> => {
    const { result } = fieldsOf((await api.call(call)).json);
    return Array.isArray(result) ? result.map((one) => fieldsOf(one)) : [];
  };
  const leadFields = async () => {
    const described = await results({ path: 'rest/v1/leads/describe.json' });
    return described.flatMap(({ rest, dataType }) => {
      const { name } = fieldsOf(rest);
      return typeof name === 'string' ? [{ name, dataType: String(dataType) }] : [];
    });
  };
  return {
    results,
    leadFields,
    download: (call) => api.download(call),
    test: async () => `Signed in at ${baseUrl.host}; leads have ${(await leadFields()).length} fields.`,
    [Symbol.asyncDispose]: async () => {
      await authorization[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** The address without the part that names one of its APIs. */
function instanceUrl(text: string): URL {
  const url = httpUrl(text.trim(), 'The base address');
  return new URL(`${url.origin}${url.pathname.replace(/\/(?:rest|identity|bulk)?(?:\/v1)?\/?$/, '')}`);
}

export const fieldsOf = (json: Json | undefined): DataRecord => (isDataRecord(json) ? json : {});

/** The first error of a refused call. */
function errorOf({ json }: Pick<ApiAnswer, 'json'>): { code: number; message: string } | undefined {
  const { errors } = fieldsOf(json);
  const { code, message } = fieldsOf(Array.isArray(errors) ? errors[0] : undefined);
  return /^\d+$/.test(String(code)) ? { code: Number(code), message: String(message) } : undefined;
}

/** Access denied, daily quota, unknown paths, wrong parameters and fields of the call itself: no repetition helps and no record is at fault. */
const remedies: Record<number, string> = {
  600: 'Check the base address.',
  601: 'Check client id and secret.',
  602: 'Check client id and secret.',
  603: 'Give the role of the API user permission to read and write leads, and allow the address of this machine where access is limited by IP.',
  607: 'The daily quota of calls is used up; it begins anew at midnight US central time. Run the job again then, or ask for more.',
  610: 'Check the base address: it is the REST endpoint of the subscription without its path.',
  1002: 'Check the parameters of the step.',
  1006: 'Check the names of fields: they are the REST names, not those shown in Marketo.',
  1008: 'Give the user of the custom service access to the workspace of the partition.',
  1009: 'Name the partition in the step.',
  1011: 'Look leads up by email, id or another field that can find leads.',
  1029: 'The queue or the daily volume of exports is used up. Run the job again later, or ask for more.',
  1035: 'This subscription does not offer the filter by change; let the job pull all records, or ask Marketo Support to enable updatedAt.',
};
const passing = new Set([502, 604, 606, 608, 611, 614, 615, 713, 719]);
const tooMany = new Set([606, 615]);

function explain(answer: ApiAnswer): Explanation | undefined {
  const error = errorOf(answer);
  if (!error)
    return answer.status === 200
      ? { text: 'an answer that is none of this platform', next: 'fail', remedy: 'Check the base address.' }
      : undefined;
  const { code, message } = error;
  const said = { code, text: `${code}: ${message}` };
  const isQueue = code === 1029 && /queue|too many/i.test(message);
  if (passing.has(code) || isQueue) return { ...said, next: 'repeat', throttled: tooMany.has(code) };
  const remedy = remedies[code];
  return remedy === undefined ? { ...said, next: 'reject' } : { ...said, next: 'fail', remedy };
}

/** Fields of a comma separated list; a ConfigError names those the platform does not have. */
export async function namedFields(marketo: Marketo, list: string): Promise<LeadField[]> {
  const known = new Map((await marketo.leadFields()).map((field) => [field.name.toLowerCase(), field]));
  const names = [
    ...new Set(
      list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ];
  const unknown = names.filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length > 0 || names.length === 0)
    throw new ConfigError(
      names.length === 0
        ? 'No field is named. Name at least one lead field.'
        : `Marketo has no lead field ${unknown.join(', ')}. Use the REST names, as Admin > Field Management > Export Field Names lists them.`,
      { code: 'invalidParameter', field: 'params.fields' },
    );
  return names.map((name) => ({
    name: known.get(name.toLowerCase())?.name ?? name,
    dataType: known.get(name.toLowerCase())?.dataType ?? 'string',
  }));
}
