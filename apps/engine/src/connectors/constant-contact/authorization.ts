import { httpUrl } from '../http.ts';
import type { Authorization } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';
import { bearerToken } from '../oauth-token.ts';

export interface ConstantContactCredentials {
  apiKey: string;
  accessToken: string;
  refreshToken?: string | undefined;
  clientSecret?: string | undefined;
  authUrl: string;
}

/** The access token as it was given; after it was refused once, tokens renewed with the refresh token, when there is one. */
export function authorizationOf(
  { apiKey, accessToken, refreshToken, clientSecret, authUrl }: ConstantContactCredentials,
  { timeoutMs, context }: { timeoutMs: number; context: NetworkContext },
): Authorization & AsyncDisposable {
  const given = { authorization: `Bearer ${accessToken}` };
  if (refreshToken === undefined) return { headers: async () => given, [Symbol.asyncDispose]: async () => {} };
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const client =
    clientSecret === undefined
      ? { grant: { ...grant, client_id: apiKey } }
      : { grant, headers: { authorization: `Basic ${Buffer.from(`${apiKey}:${clientSecret}`).toString('base64')}` } };
  const renewed = bearerToken({ url: httpUrl(authUrl, 'The token address'), timeoutMs, ...client }, context);
  let isGivenRefused = false;
  return {
    headers: async () => (isGivenRefused ? renewed.headers() : given),
    renew: () => {
      if (isGivenRefused) renewed.renew?.();
      isGivenRefused = true;
    },
    [Symbol.asyncDispose]: () => renewed[Symbol.asyncDispose](),
  };
}
