import type { Agent, Dispatcher } from 'undici';
import { FatalError } from '#dataflow';
import { checkLiteralAddress, guardedLookup, type NetworkContext, networkError } from './network.ts';

export interface HttpOptions {
  /** Connections kept open to each origin, and so requests in flight. */
  connections: number;
  /** For connecting, for the head of an answer and between two pieces of it. */
  timeoutMs: number;
}

export interface HttpRequest {
  method: Dispatcher.HttpMethod;
  url: URL;
  headers: Record<string, string>;
  body?: Uint8Array | string;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The whole body as text; undefined when the caller did not want it. */
  text: string | undefined;
}

/** Keep-alive connections to HTTP servers, every address checked as it is connected to. Redirects are not followed. */
export interface HttpClient extends AsyncDisposable {
  /** Throws RetryableError or FatalError when no answer came; an answer of any status is returned. */
  send(request: HttpRequest, wantsText: (status: number) => boolean): Promise<HttpAnswer>;
  /** The same with the body as it comes, for answers too large to hold. It must be read to its end or left early. */
  stream(request: HttpRequest): Promise<HttpStream>;
}

export interface HttpStream extends Pick<HttpAnswer, 'status' | 'headers'> {
  body: AsyncIterable<Uint8Array>;
}

export function openHttp(
  { connections, timeoutMs }: HttpOptions,
  { access, signal }: Pick<NetworkContext, 'access' | 'signal'>,
): HttpClient {
  // Loaded by the first request: most flows speak to no HTTP server, and it is a tenth of a second of their start.
  const openAgent = async () => {
    const undici = await import('undici');
    return new undici.Agent({
      connections,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { lookup: guardedLookup(access), timeout: timeoutMs },
    });
  };
  let agent: Promise<Agent> | undefined;
  const request = async ({ url, ...request }: HttpRequest) => {
    checkLiteralAddress(access, url.hostname);
    agent ??= openAgent();
    return (await agent).request({ ...request, origin: url.origin, path: url.pathname + url.search, signal });
  };
  const faultOf = (thrown: unknown, url: URL, what = `${url.origin} did not answer`) =>
    networkError(thrown, { what, details: { host: url.hostname, url: url.origin + url.pathname }, signal });
  const checkSignal = (url: URL) => {
    if (signal.aborted) throw faultOf(undefined, url);
  };
  return {
    async send(wanted, wantsText) {
      checkSignal(wanted.url);
      try {
        const { statusCode, headers, body } = await request(wanted);
        if (wantsText(statusCode)) return { status: statusCode, headers, text: await body.text() };
        await body.dump();
        return { status: statusCode, headers, text: undefined };
      } catch (thrown) {
        throw faultOf(thrown, wanted.url);
      }
    },
    async stream(wanted) {
      checkSignal(wanted.url);
      try {
        const { statusCode, headers, body } = await request(wanted);
        return {
          status: statusCode,
          headers,
          body: told(body, (thrown) => faultOf(thrown, wanted.url, `${wanted.url.origin} stopped sending`)),
        };
      } catch (thrown) {
        throw faultOf(thrown, wanted.url);
      }
    },
    [Symbol.asyncDispose]: async () => (await agent)?.destroy(),
  };
}

/** Chunks whose faults are told as errors of ours. */
async function* told(body: AsyncIterable<Uint8Array>, faultOf: (thrown: unknown) => Error): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (thrown) {
    throw faultOf(thrown);
  }
}

/** A text as an http or https address. What stands after `?` or before `@` may be secret and is not repeated. */
export function httpUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username || url?.password) {
    throw new FatalError(`${what} holds a user name or password. Give them in the authentication instead.`, { code: 'invalidParameter' });
  }
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new FatalError(`${what} is not a web address: "${text.replace(/\?.*/s, '')}". Give one that begins with https:// or http://.`, {
    code: 'invalidParameter',
  });
}

/** Milliseconds of a Retry-After header (seconds or a date), at most ten minutes; undefined when there is none. */
export function retryAfterMs(header: string | string[] | undefined, nowMs = Date.now()): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const waitMs = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), 600_000);
}
