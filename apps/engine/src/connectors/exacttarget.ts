import { ConfigError, type Connection, type DataRecord, isDataRecord, type Json } from '#dataflow';
import { httpUrl } from './http.ts';
import { type ApiAnswer, openApi } from './http-api.ts';
import type { Explanation } from './http-refusal.ts';
import type { NetworkContext } from './network.ts';
import { bearerToken } from './oauth-token.ts';

export interface ExactTargetSettings {
  /** The authentication base URI of the installed package, or the address of a token call itself. */
  authUrl: string;
  clientId: string;
  clientSecret: string;
  /** Business unit (MID); the package's own when not given. */
  accountId?: string | undefined;
  /** Calls in flight at a time. */
  connections: number;
}

/** One row: primary keys and the other columns. */
export interface DataExtensionRow {
  keys: DataRecord;
  values: DataRecord;
}

export interface ExactTarget extends Connection {
  /** Inserts or updates rows in one call: all of them, or none and a RecordError. */
  upsertRows(dataExtension: string, rows: DataExtensionRow[]): Promise<void>;
  /** Tells the number of rows; throws when there is no such data extension. */
  countRows(dataExtension: string): Promise<string>;
}

const TIMEOUT_MS = 120_000;
/** Where packages of the older kind call when they name no address of their own. */
const LEGACY_REST = 'https://www.exacttargetapis.com';

/**
 * Salesforce Marketing Cloud by REST: a token of the client (v2/token, which also names the REST address, or the older
 * v1/requestToken), then rows by the synchronous rowset call. Documentation: developer.salesforce.com/docs/marketing/marketing-cloud,
 * access-token-s2s, requestToken and postDataExtensionRowsetByKey.
 */
export function openExactTarget(settings: ExactTargetSettings, context: NetworkContext, dataExtension: string): ExactTarget {
  const tokenUrl = tokenAddress(settings.authUrl);
  const isLegacy = tokenUrl.pathname.endsWith('/requestToken');
  let restUrl = isLegacy ? legacyRest(tokenUrl) : '';
  const authorization = bearerToken(
    {
      url: tokenUrl,
      as: 'json',
      grant: isLegacy ? { clientId: settings.clientId, clientSecret: settings.clientSecret } : grantOf(settings),
      timeoutMs: TIMEOUT_MS,
      read: (answer) => {
        const { accessToken, expiresIn, access_token = accessToken, expires_in = expiresIn, rest_instance_url } = fieldsOf(answer);
        if (typeof rest_instance_url === 'string') restUrl = httpUrl(rest_instance_url, 'The REST address in the answer').href;
        return typeof access_token === 'string' ? { token: access_token, lifeSeconds: Number(expires_in) || undefined } : undefined;
      },
    },
    context,
  );
  const api = openApi({ baseUrl: tokenUrl, connections: settings.connections, timeoutMs: TIMEOUT_MS, authorization, explain }, context);
  const addressOf = async (path: string) => {
    await authorization.headers();
    return `${restUrl.replace(/\/$/, '')}/${path}`;
  };
  const countRows = async (key: string) => {
    const path = await addressOf(`data/v1/customobjectdata/key/${encodeURIComponent(key)}/rowset`);
    const { json } = await api.call({ path, query: { $page: 1, $pagesize: 1 } });
    const { count } = fieldsOf(json ?? null);
    return `${count ?? 'an unknown number of'} rows`;
  };
  return {
    countRows,
    async upsertRows(key, rows) {
      await api.call({ path: await addressOf(`hub/v1/dataevents/key:${encodeURIComponent(key)}/rowset`), json: rows });
    },
    async test() {
      return `Signed in; data extension ${dataExtension} has ${await countRows(dataExtension)}.`;
    },
    [Symbol.asyncDispose]: async () => {
      await authorization[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** `…/v2/token` for a base URI; an address of a token call as it is; the old shared host has only the old call. */
function tokenAddress(authUrl: string): URL {
  const url = httpUrl(authUrl, 'The authentication address');
  if (/\/v1\/requestToken$|\/v2\/token$/.test(url.pathname)) return url;
  const path = url.hostname.endsWith('exacttargetapis.com') ? 'v1/requestToken' : 'v2/token';
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}/${path}`);
}

/** Packages of the older kind are not told where REST is: by its host name, else below the same address. */
function legacyRest(tokenUrl: URL): string {
  if (tokenUrl.hostname === 'auth.exacttargetapis.com') return LEGACY_REST;
  const origin = tokenUrl.origin.replace('.auth.marketingcloudapis.com', '.rest.marketingcloudapis.com');
  return `${origin}${tokenUrl.pathname.replace(/\/v1\/requestToken$/, '')}`;
}

const grantOf = ({ clientId, clientSecret, accountId }: ExactTargetSettings): Record<string, string> => ({
  grant_type: 'client_credentials',
  client_id: clientId,
  client_secret: clientSecret,
  ...(accountId === undefined ? {} : { account_id: accountId }),
});

const fieldsOf = (answer: Json): DataRecord => (isDataRecord(answer) ? answer : {});

/** A wrong data extension, key or permission concerns every row; a value only its own. */
function explain({ status, json }: ApiAnswer): Explanation | undefined {
  const { message, errorcode, additionalErrors } = fieldsOf(json ?? null);
  if (typeof message !== 'string') return undefined;
  const further = Array.isArray(additionalErrors) ? additionalErrors.map((error) => fieldsOf(error).message) : [];
  const code = typeof errorcode === 'number' ? errorcode : undefined;
  const text = [message, ...further.filter((one) => typeof one === 'string')].join('. ');
  const named = { ...(code !== undefined && code > 0 ? { code } : {}), text: code === undefined ? text : `${code}: ${text}` };
  if (status === 403)
    return { ...named, next: 'fail', remedy: 'Give the installed package read and write permission for data extensions.' };
  if (status === 404 || code === 10001)
    return { ...named, next: 'fail', remedy: 'Check the external key of the data extension and the business unit.' };
  if (code === 10000) return { ...named, next: 'fail', remedy: 'Check the primary keys of the step against those of the data extension.' };
  return named;
}

/** Splits a comma separated list of primary keys. */
export function primaryKeyList(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw new ConfigError('No primary key is named. Give the primary key columns of the data extension.', {
      code: 'invalidParameter',
      field: 'params.primaryKeys',
    });
  return names;
}
