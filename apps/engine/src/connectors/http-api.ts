import { type Json, RetryableError } from '#dataflow';
import { type HttpAnswer, type HttpRequest, openHttp } from './http.ts';
import { type Explanation, refusalOf } from './http-refusal.ts';
import type { NetworkContext } from './network.ts';
import { Pace } from './pace.ts';
import { Throttle } from './throttle.ts';

/** How calls prove who makes them. */
export interface Authorization {
  /** Headers of the next call; may fetch a token first. */
  headers(): Promise<Record<string, string>>;
  /** Forgets what was fetched: a call answered 401. Absent when there is nothing to renew. */
  renew?(): void;
}

export interface ApiSettings {
  /** Where paths begin; a path of its own is kept: `https://us1.api.mailchimp.com/3.0`. */
  baseUrl: URL;
  /** Calls in flight at a time. */
  connections: number;
  timeoutMs: number;
  authorization?: Authorization;
  /** Headers of every call, names in lower case. */
  headers?: Record<string, string>;
  /** The platform's documented rate, when it has one. */
  callsPerSecond?: number;
  /** True for an answer that is a success; 200 to 299 when not given. Some platforms refuse with HTTP 200. */
  isSuccess?(answer: ApiAnswer): boolean;
  /** True for an answer that asks for new credentials; 401 when not given. */
  isUnauthorized?(answer: ApiAnswer): boolean;
  /** What the platform says in a refusal; undefined leaves it to the HTTP status. */
  explain?(answer: ApiAnswer): Explanation | undefined;
}

export interface ApiCall {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base address, or a whole address on the same or another host (next pages, upload places). */
  path: string;
  /** Undefined values are left out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Record<string, string>;
  /** At most one of these is the body. */
  json?: Json | object;
  form?: Readonly<Record<string, string>>;
  body?: { type: string; content: string | Uint8Array };
}

export interface ApiAnswer {
  status: number;
  headers: HttpAnswer['headers'];
  text: string;
  /** The body as JSON; undefined when it is none. */
  json: Json | undefined;
}

/** The HTTP API of one platform. */
export interface Api extends AsyncDisposable {
  /**
   * Makes one call. Throws RetryableError when the network or the platform asks for patience, RecordError when it refuses
   * what was sent, FatalError when no call of this step can succeed (see {@link refusalOf}).
   */
  call(call: ApiCall): Promise<ApiAnswer>;
  /** The body of an answer as it comes, for answers too large to hold; throws as `call` does, and RetryableError when it breaks off. */
  download(call: ApiCall): AsyncIterable<Uint8Array>;
}

/**
 * Opens an HTTP API: keep-alive connections, guarded addresses, a pace, one pause for all calls when the platform throttles,
 * and credentials that are renewed once when it answers 401. Nothing is sent before the first call.
 */
export function openApi(settings: ApiSettings, context: NetworkContext): Api {
  const { connections, timeoutMs, authorization, callsPerSecond } = settings;
  const { signal } = context;
  const http = openHttp({ connections, timeoutMs }, context);
  const throttle = new Throttle();
  const pace = callsPerSecond === undefined ? undefined : new Pace(callsPerSecond);
  const isSuccess = settings.isSuccess ?? isOk;
  const isUnauthorized = settings.isUnauthorized ?? (({ status }: ApiAnswer) => status === 401);

  const prepare = async (call: ApiCall, url: URL): Promise<HttpRequest> => {
    await throttle.pass(signal);
    await pace?.turn(signal);
    const { type, content } = bodyOf(call);
    const headers = {
      accept: 'application/json',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...settings.headers,
      ...(await authorization?.headers()),
      ...call.headers,
    };
    const request = { method: call.method ?? (content === undefined ? 'GET' : 'POST'), url, headers };
    return content === undefined ? request : { ...request, body: content };
  };
  const send = async (call: ApiCall, url: URL): Promise<ApiAnswer> => {
    const { status, headers, text = '' } = await http.send(await prepare(call, url), () => true);
    return { status, headers, text, json: jsonOf(text) };
  };
  const refuse = (answer: ApiAnswer, url: URL): Error => {
    const explanation = settings.explain?.(answer);
    const refusal = refusalOf(answer, url, explanation);
    const throttled = answer.status === 429 || explanation?.throttled;
    if (refusal instanceof RetryableError && (throttled || refusal.retryAfterMs !== undefined)) throttle.refused(refusal.retryAfterMs);
    return refusal;
  };

  return {
    async call(call) {
      const url = addressOf(settings.baseUrl, call);
      let answer = await send(call, url);
      if (authorization?.renew && isUnauthorized(answer)) {
        authorization.renew();
        answer = await send(call, url);
      }
      if (!isSuccess(answer)) throw refuse(answer, url);
      throttle.accepted();
      return answer;
    },
    async *download(call) {
      const url = addressOf(settings.baseUrl, call);
      let answer = await http.stream(await prepare(call, url));
      if (answer.status === 401 && authorization?.renew) {
        await textOf(answer.body);
        authorization.renew();
        answer = await http.stream(await prepare(call, url));
      }
      if (isOk(answer)) {
        yield* answer.body;
        return;
      }
      const text = await textOf(answer.body);
      throw refuse({ ...answer, text, json: jsonOf(text) }, url);
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

const isOk = ({ status }: { status: number }) => status >= 200 && status < 300;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function addressOf(baseUrl: URL, { path, query = {} }: ApiCall): URL {
  const base = baseUrl.href.endsWith('/') ? baseUrl.href : `${baseUrl.href}/`;
  const url = new URL(/^https?:\/\//.test(path) ? path : path.replace(/^\/+/, ''), base);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function bodyOf({ json, form, body }: ApiCall): { type?: string; content?: string | Uint8Array } {
  if (json !== undefined) return { type: 'application/json', content: JSON.stringify(json) };
  if (form !== undefined) return { type: 'application/x-www-form-urlencoded', content: new URLSearchParams(form).toString() };
  return body ?? {};
}

function jsonOf(text: string): Json | undefined {
  if (!/^\s*[[{"\dtfn-]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
