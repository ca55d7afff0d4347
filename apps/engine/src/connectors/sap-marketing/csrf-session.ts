import { FatalError } from '#dataflow';
import { type Authorization, openApi } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';
import { explainGateway } from './gateway-error.ts';

export interface CsrfSettings {
  /** The service whose root is asked for the token. */
  service: URL;
  username: string;
  password: string;
  timeoutMs: number;
}

/**
 * Basic authentication, and the CSRF token with its session that SAP Gateway wants of every change: fetched before the first call by a
 * GET with `x-csrf-token: Fetch`, kept, and fetched anew when it has ended (403, "CSRF token validation failed"; SAP note 3048103).
 */
export function csrfSession({ service, username, password, timeoutMs }: CsrfSettings, context: NetworkContext) {
  const api = openApi({ baseUrl: service, connections: 1, timeoutMs, explain: explainGateway }, context);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  let current: Promise<Record<string, string>> | undefined;
  const begin = async (): Promise<Record<string, string>> => {
    const call = { path: service.href, headers: { authorization, 'x-csrf-token': 'Fetch' } };
    const { headers } = await api.call(call);
    const token = headers['x-csrf-token'];
    if (typeof token !== 'string')
      throw new FatalError(`${service.href} answers without a CSRF token, so it is no SAP OData service. Check the endpoint.`, {
        code: 'targetRefused',
      });
    const cookies = [headers['set-cookie'] ?? []].flat().map((cookie) => cookie.replace(/;.*/s, ''));
    return { 'x-csrf-token': token, ...(cookies.length === 0 ? {} : { cookie: cookies.join('; ') }) };
  };
  const session: Authorization & AsyncDisposable = {
    async headers() {
      current ??= begin();
      const fetched = current;
      try {
        return { authorization, ...(await fetched) };
      } catch (thrown) {
        if (current === fetched) current = undefined;
        throw thrown;
      }
    },
    renew: () => {
      current = undefined;
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
  return session;
}
