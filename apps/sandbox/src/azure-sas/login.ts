import { randomUUID } from 'node:crypto';

export interface LoginClient {
  clientId: string;
  clientSecret: string;
}

export interface LoginAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** The tokens a login issued, by their end in milliseconds since 1970. */
export type IssuedTokens = Map<string, number>;

/**
 * The token endpoints of the Microsoft identity platform for the client-credentials grant, as "OAuth 2.0 client credentials
 * flow" (v2.0, wants a scope that ends in /.default) and its predecessor (v1.0, takes a resource) tell; errors as
 * "Error codes" lists them.
 */
export function issueToken(
  form: URLSearchParams,
  {
    client,
    newer,
    tokens,
    lifeSeconds,
    nowMs,
  }: { client: LoginClient; newer: boolean; tokens: IssuedTokens; lifeSeconds: number; nowMs: number },
): LoginAnswer {
  const [grant, id, secret] = ['grant_type', 'client_id', 'client_secret'].map((name) => form.get(name));
  if (!grant) return refusal(400, 'invalid_request', "AADSTS900144: The request body must contain the following parameter: 'grant_type'.");
  if (grant !== 'client_credentials')
    return refusal(400, 'unsupported_grant_type', `AADSTS70003: The app requested an unsupported grant type '${grant}'.`);
  if (!id) return refusal(400, 'invalid_request', "AADSTS900144: The request body must contain the following parameter: 'client_id'.");
  if (id !== client.clientId) {
    return refusal(400, 'unauthorized_client', `AADSTS700016: Application with identifier '${id}' was not found in the directory.`);
  }
  if (!secret) return refusal(401, 'invalid_client', "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required.");
  if (secret !== client.clientSecret) return refusal(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
  const scope = form.get('scope');
  if (newer && !scope)
    return refusal(400, 'invalid_request', "AADSTS900144: The request body must contain the following parameter: 'scope'.");
  if (newer && !scope?.endsWith('/.default')) {
    return refusal(
      400,
      'invalid_scope',
      `AADSTS1002012: The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed.`,
    );
  }
  const token = `sandbox.${randomUUID()}`;
  tokens.set(token, nowMs + lifeSeconds * 1000);
  // The older endpoint gives numbers as texts.
  const life = newer ? lifeSeconds : String(lifeSeconds);
  return { status: 200, body: { token_type: 'Bearer', expires_in: life, ext_expires_in: life, access_token: token } };
}

function refusal(status: number, error: string, description: string): LoginAnswer {
  const [code] = /\d+/.exec(description) ?? [];
  const ids = { trace_id: randomUUID(), correlation_id: randomUUID() };
  return {
    status,
    body: { error, error_description: description, error_codes: [Number(code)], timestamp: '2024-01-01 00:00:00Z', ...ids },
  };
}
