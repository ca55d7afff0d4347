import { FatalError, type Json, tellRetry, withRetries } from '#dataflow';
import { type Authorization, openApi } from './http-api.ts';
import type { Explanation } from './http-refusal.ts';
import type { NetworkContext } from './network.ts';

export interface TokenSettings {
  /** The token endpoint. */
  url: URL;
  /** The grant: `client_credentials`, `refresh_token`, `password` … with all its parameters. Sent as a form, or as `query` or `json` where the platform wants that. */
  grant: Readonly<Record<string, string>>;
  as?: 'form' | 'query' | 'json';
  /** Further headers, such as basic authentication of the client. */
  headers?: Record<string, string>;
  timeoutMs: number;
  /** Reads the answer where it is not `access_token` and `expires_in`. */
  read?(answer: Json): { token: string; lifeSeconds?: number | undefined } | undefined;
  /** What the endpoint says in a refusal, where {@link oauthExplanation} names the wrong parameters. */
  explain?: typeof oauthExplanation;
}

/** Seconds before its end at which a token is not used any more. */
const MARGIN_SECONDS = 60;

/** A bearer token that is fetched before the first call, kept while it lives, and fetched once for all calls that wait for it. */
export function bearerToken(settings: TokenSettings, context: NetworkContext, headerOf = bearerHeader): Authorization & AsyncDisposable {
  const { timeoutMs, explain = oauthExplanation } = settings;
  const api = openApi({ baseUrl: settings.url, connections: 1, timeoutMs, explain }, context);
  let current: Promise<{ token: string; endsMs: number }> | undefined;
  const fetchToken = async () => {
    const { grant, as = 'form', headers = {}, url, read = readToken } = settings;
    const sent = as === 'form' ? { form: grant } : as === 'json' ? { json: grant } : { query: grant };
    const call = { method: as === 'query' ? ('GET' as const) : ('POST' as const), path: url.href, headers, ...sent };
    const answer = await withRetries(() => api.call(call), { signal: context.signal, onRetry: tellRetry(context.log) });
    const found = answer.json === undefined ? undefined : read(answer.json);
    if (!found)
      throw new FatalError(
        `${url.origin}${url.pathname} answered without a token. Check that this is the address where tokens are issued.`,
        {
          code: 'authenticationFailed',
        },
      );
    return { token: found.token, endsMs: Date.now() + ((found.lifeSeconds ?? 3600) - MARGIN_SECONDS) * 1000 };
  };
  return {
    async headers() {
      const waited = current;
      const held = await waited?.catch(() => undefined);
      // Many calls wait here at once; the first that finds the token too old fetches one for all.
      if (current === waited && (!held || held.endsMs < Date.now())) current = fetchToken();
      current ??= fetchToken();
      return headerOf((await current).token);
    },
    renew: () => {
      current = undefined;
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

const bearerHeader = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

function readToken(answer: Json): { token: string; lifeSeconds?: number } | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const { access_token: token, expires_in: life } = answer;
  if (typeof token !== 'string' || token === '') return undefined;
  const lifeSeconds = Number(life);
  return Number.isFinite(lifeSeconds) && lifeSeconds > 0 ? { token, lifeSeconds } : { token };
}

/** RFC 6749, section 5.2: a refused grant answers 400 or 401 with `error` and `error_description`; no repetition helps. */
export function oauthExplanation({ status, json }: { status: number; json: Json | undefined }): Explanation | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || typeof json.error !== 'string') return undefined;
  const description = typeof json.error_description === 'string' ? `: ${json.error_description}` : '';
  const text = json.error + description;
  if (status >= 500 || status === 429) return { text };
  return { text, next: 'fail', remedy: 'Check the client id, the secret and the other credentials of the step.' };
}
