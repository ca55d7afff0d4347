import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from './endpoint.ts';
import { httpUrl } from './http.ts';
import type { Authorization } from './http-api.ts';
import type { NetworkContext } from './network.ts';
import { bearerToken } from './oauth-token.ts';

/** What each kind cannot do without. */
const needed = {
  none: [],
  basic: ['username'],
  bearer: ['token'],
  apiKey: ['token'],
  oauth2: ['authUrl', 'clientId', 'clientSecret'],
} as const;

/** How requests to any HTTP endpoint prove who sends them. */
export const httpCredentials = z
  .object({
    type: z.enum(['none', 'basic', 'bearer', 'apiKey', 'oauth2']).default('none').meta({
      title: 'Kind',
      help: '`basic`: user name and password; `bearer`: a token; `apiKey`: a key in a header of its own; `oauth2`: a token fetched with client id and secret (client credentials) and renewed when it ends.',
      source: 'choice',
    }),
    username: z
      .string()
      .optional()
      .meta({ title: 'User name', help: 'For `basic`.', onlyWith: { type: ['basic'] }, source: 'choice' }),
    password: secret()
      .optional()
      .meta({ secret: true, title: 'Password', help: 'For `basic`.', onlyWith: { type: ['basic'] }, source: 'choice' }),
    token: secret()
      .optional()
      .meta({
        secret: true,
        title: 'Token or key',
        help: 'For `bearer` and `apiKey`.',
        onlyWith: { type: ['bearer', 'apiKey'] },
        source: 'choice',
      }),
    headerName: z
      .string()
      .default('X-API-Key')
      .meta({
        title: 'Header',
        help: 'For `apiKey`: the header the key is sent in.',
        onlyWith: { type: ['apiKey'] },
        advanced: true,
        source: 'choice',
      }),
    authUrl: z
      .string()
      .superRefine(none(addressFault))
      .optional()
      .meta({
        title: 'Token address',
        help: 'For `oauth2`: where tokens are issued.',
        onlyWith: { type: ['oauth2'] },
        examples: ['https://login.example.com/oauth2/token'],
        source: 'choice',
      }),
    clientId: z
      .string()
      .optional()
      .meta({ title: 'Client id', help: 'For `oauth2`.', onlyWith: { type: ['oauth2'] }, source: 'choice' }),
    clientSecret: secret()
      .optional()
      .meta({ secret: true, title: 'Client secret', help: 'For `oauth2`.', onlyWith: { type: ['oauth2'] }, source: 'choice' }),
    scope: z
      .string()
      .optional()
      .meta({
        title: 'Scope',
        help: 'For `oauth2`: what the token is asked for, where the issuer wants it told.',
        onlyWith: { type: ['oauth2'] },
        advanced: true,
        source: 'choice',
      }),
  })
  .superRefine((credentials, check) => {
    for (const name of needed[credentials.type]) {
      if (credentials[name] === undefined)
        check.addIssue({ code: 'custom', path: [name], message: `${credentials.type} needs ${name}, which is missing.` });
    }
  });

export type HttpCredentials = z.output<typeof httpCredentials>;

/** Credentials in use; undefined for `none`. Only `oauth2` makes calls of its own and must be closed. */
export function authorizationOf(
  credentials: HttpCredentials,
  timeoutMs: number,
  context: NetworkContext,
): (Authorization & Partial<AsyncDisposable>) | undefined {
  const { type, authUrl = '', clientId = '', clientSecret = '', scope } = credentials;
  if (type === 'none') return undefined;
  if (type !== 'oauth2') {
    const headers = credentialHeader(credentials);
    return { headers: async () => headers };
  }
  const grant = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope === undefined ? {} : { scope }),
  };
  return bearerToken({ url: httpUrl(authUrl, 'The token address'), grant, timeoutMs }, context);
}

/** The header that carries fixed credentials. */
function credentialHeader({ type, username = '', password = '', token = '', headerName }: HttpCredentials): Record<string, string> {
  if (type === 'basic') return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  return type === 'bearer' ? { authorization: `Bearer ${token}` } : { [headerName.toLowerCase()]: token };
}
