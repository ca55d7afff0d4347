import { tellRetry, withRetries } from '#dataflow';
import { httpUrl } from '../http.ts';
import { type Authorization, openApi } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';
import { explainFault, type Login, loginEnvelope, readEndpoint, readLogin } from './soap-login.ts';

export interface SalesforceCredentials {
  username: string;
  password: string;
  /** Security token of the user. */
  token: string;
  /** `https://login.salesforce.com/services/Soap/u/58.0`. */
  authEndpoint: string;
}

export interface Session extends Authorization, AsyncDisposable {
  /** Logs in when that has not been done, and tells the address of the REST API: `https://…/services/data/v58.0`. */
  dataUrl(): Promise<string>;
}

const TIMEOUT_MS = 120_000;

/** A session opened by the SOAP call login() before the first call, kept, and opened anew when a call says that it ended. */
export function openSession(credentials: SalesforceCredentials, context: NetworkContext): Session {
  const url = httpUrl(credentials.authEndpoint.trim(), 'The authentication endpoint');
  const { namespace, dataVersion } = readEndpoint(url);
  const api = openApi({ baseUrl: url, connections: 1, timeoutMs: TIMEOUT_MS, explain: explainFault }, context);
  const content = loginEnvelope(namespace, credentials);
  const logIn = async (): Promise<Login> => {
    const call = { path: url.href, body: { type: 'text/xml; charset=UTF-8', content }, headers: { soapaction: '""', accept: 'text/xml' } };
    const { text } = await withRetries(() => api.call(call), { signal: context.signal, onRetry: tellRetry(context.log) });
    const login = await readLogin(text);
    httpUrl(login.instanceUrl, 'The instance address in the answer');
    return login;
  };
  let current: Promise<Login> | undefined;
  const login = () => {
    current ??= logIn().catch((thrown) => {
      current = undefined;
      throw thrown;
    });
    return current;
  };
  return {
    headers: async () => ({ authorization: `Bearer ${(await login()).sessionId}` }),
    renew: () => {
      current = undefined;
    },
    dataUrl: async () => `${(await login()).instanceUrl}/services/data/v${dataVersion}`,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}
