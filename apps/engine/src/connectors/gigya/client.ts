import { type KeyObject, randomBytes } from 'node:crypto';
import { type Connection, FatalError, type Json, RetryableError, type SiteCredentials } from '#dataflow';
import { type HttpAnswer, httpUrl, openHttp } from '../http.ts';
import type { NetworkContext } from '../network.ts';
import { retried } from '../retry.ts';
import { Throttle } from '../throttle.ts';
import { bearerKey, bearerToken } from './bearer.ts';
import { errorOf, type GigyaAnswer, isSuccess } from './outcome.ts';
import { encodeText, signatureOf } from './sign.ts';

const TIMEOUT_MS = 90_000;
const INVALID_DATA_CENTRE = 301001;
const REQUEST_EXPIRED = 403002;
const RATE_EXCEEDED = 403048;

/** Which account store to talk to, and as whom. */
export interface GigyaSite extends SiteCredentials {
  /** RSA key (PKCS#8, with or without PEM lines): calls carry a signed token in place of a signature. */
  privateKey?: string;
}

/** Parameters of a method by name; objects and lists are sent as JSON, undefined ones are left out. */
export type GigyaParams = Readonly<Record<string, Json | undefined>>;

export interface GigyaConnection extends Connection {
  /**
   * Makes one call and returns its answer, partial success included. Every call is signed, so it is safe over plain HTTP
   * too. Throws RetryableError when the platform or the network asks for patience, FatalError when the key is refused,
   * RecordError with the platform's code for everything else.
   */
  call(method: string, params: GigyaParams): Promise<GigyaAnswer>;
  /** The same, repeated with growing pauses while it fails for a passing reason. Only for methods that change nothing. */
  read(method: string, params: GigyaParams): Promise<GigyaAnswer>;
}

export interface GigyaOptions {
  /** Calls in flight. */
  connections: number;
  /** How long one call waits for its turn while the platform says that there are too many; two minutes when not given. */
  patienceMs?: number;
}

/** Opens the REST API of a site. Nothing is sent before the first call. */
export function openGigya(
  site: GigyaSite,
  context: NetworkContext,
  { connections, patienceMs = 120_000 }: GigyaOptions = { connections: 10 },
): GigyaConnection {
  const http = openHttp({ connections, timeoutMs: TIMEOUT_MS }, context);
  let origin = originOf(site.apiDomain);
  const key = site.privateKey ? bearerKey(site.privateKey) : undefined;
  let clockOffsetMs = 0;

  const send = async (method: string, params: Record<string, string>): Promise<{ answer: GigyaAnswer; headers: HttpAnswer['headers'] }> => {
    const url = new URL(`${origin}/${method}`);
    const request = signed(site, { url, params, key, nowMs: Date.now() + clockOffsetMs });
    const { status, headers, text = '' } = await http.send({ method: 'POST', url, ...request }, () => true);
    return { answer: readAnswer(text, { status, method, url }), headers };
  };

  const throttle = new Throttle();
  // A call refused for its rate has done nothing, so it is safe to repeat whatever it does.
  const sendInTurn = async (method: string, params: Record<string, string>) => {
    for (const giveUp = performance.now() + patienceMs; ; ) {
      await throttle.pass(context.signal);
      const reply = await send(method, params);
      if (reply.answer.errorCode !== RATE_EXCEEDED) {
        throttle.accepted();
        return reply;
      }
      throttle.refused();
      if (performance.now() >= giveUp) return reply;
    }
  };

  const call = async (name: string, params: GigyaParams): Promise<GigyaAnswer> => {
    const method = name.includes('.') ? name : `socialize.${name}`;
    const texts = textsOf(params);
    let { answer, headers } = await sendInTurn(method, texts);
    if (answer.errorCode === REQUEST_EXPIRED) {
      clockOffsetMs = offsetOf(headers, clockOffsetMs);
      ({ answer, headers } = await sendInTurn(method, texts));
    }
    const moved = answer.errorCode === INVALID_DATA_CENTRE ? movedOrigin(answer, origin) : undefined;
    if (moved !== undefined) {
      context.log.info(`The site ${site.apiKey} lives at ${moved}; calls go there. Set its data centre so to save a detour.`);
      origin = moved;
      ({ answer, headers } = await sendInTurn(method, texts));
    }
    if (isSuccess(answer)) return answer;
    throw errorOf(answer, {
      method,
      apiKey: site.apiKey,
      userKey: site.userKey,
      namesAccount: /(^|,)(uid|regtoken)(,|$)/i.test(Object.keys(texts).join()),
    });
  };

  const read = (method: string, params: GigyaParams) => retried(() => call(method, params), context);

  return {
    call,
    read,
    async test() {
      const { totalCount } = await call('accounts.search', { query: 'SELECT UID FROM accounts LIMIT 1' });
      return `Site ${site.apiKey} answers at ${origin}${typeof totalCount === 'number' ? ` and holds ${totalCount} accounts` : ''}.`;
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

/** Where a site's methods live: `us1.gigya.com` and `accounts.us1.gigya.com` mean the same; an origin is taken as it is. */
function originOf(apiDomain: string): string {
  const domain = apiDomain.trim();
  if (domain.includes('://')) return httpUrl(domain, 'The data centre').origin;
  return httpUrl(`https://${domain.startsWith('accounts.') ? domain : `accounts.${domain}`}`, 'The data centre').origin;
}

/** Follows the platform to another of its own hosts, never elsewhere. */
function movedOrigin({ apiDomain }: GigyaAnswer, from: string): string | undefined {
  if (typeof apiDomain !== 'string' || apiDomain === '') return undefined;
  const to = originOf(apiDomain);
  const { hostname } = new URL(to);
  const known = hostname === new URL(from).hostname || /\.(gigya\.com|sapcdm\.cn)$/.test(hostname);
  return known && to !== from ? to : undefined;
}

function textsOf(params: GigyaParams): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) texts[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return texts;
}

interface CallToSign {
  url: URL;
  params: Record<string, string>;
  key: KeyObject | undefined;
  nowMs: number;
}

/** Headers and form body of one call, under the site's credentials. */
function signed(site: GigyaSite, { url, params, key, nowMs }: CallToSign) {
  const all: Record<string, string> = { ...params, apiKey: site.apiKey, format: 'json', httpStatusCodes: 'false' };
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (key) {
    headers.authorization = `Bearer ${bearerToken(site.userKey, key, nowMs)}`;
  } else {
    all.userKey = site.userKey;
    all.timestamp = String(Math.floor(nowMs / 1000));
    all.nonce = `${nowMs}_${randomBytes(9).toString('base64url')}`;
    all.sig = signatureOf({ method: 'POST', url, params: all }, site.secret);
  }
  const body = Object.entries(all).map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`);
  return { headers, body: body.join('&') };
}

/** How far the platform's clock is ahead of ours, from the Date header of its answer. */
function offsetOf(headers: HttpAnswer['headers'], fallbackMs: number): number {
  const theirs = Date.parse(String(headers.date));
  return Number.isNaN(theirs) ? fallbackMs : theirs - Date.now();
}

function readAnswer(text: string, { status, method, url }: { status: number; method: string; url: URL }): GigyaAnswer {
  try {
    const answer = JSON.parse(text) as unknown;
    if (typeof answer === 'object' && answer !== null && typeof (answer as GigyaAnswer).errorCode === 'number')
      return answer as GigyaAnswer;
  } catch {
    // Not JSON at all: a proxy or a load balancer answered. The status decides.
  }
  const message = `${url.origin} answered ${method} with HTTP ${status} and no API answer.`;
  const details = { host: url.hostname, method, status };
  if (status === 429 || status >= 500) throw new RetryableError(message, { code: 'connectionFailed', details });
  throw new FatalError(`${message} Check the data centre of the site.`, { code: 'connectionFailed', details });
}
