import { type KeyObject, randomBytes } from 'node:crypto';
import { FatalError, RetryableError, type SiteCredentials } from '#dataflow';
import { type HttpClient, httpUrl } from '../http.ts';
import { bearerKey, bearerToken } from './bearer.ts';
import type { GigyaAnswer } from './outcome.ts';
import { encodeText, signatureOf, signingKey } from './sign.ts';

/** Which account store to talk to, and as whom. */
export interface GigyaSite extends SiteCredentials {
  /** RSA key (PKCS#8, with or without PEM lines): calls carry a signed token in place of a signature. */
  privateKey?: string;
  /** Without a private key: a signature made with the secret, or the secret itself, over HTTPS only. A signature when not given. */
  signWith?: 'signature' | 'secret';
}

/** What one request brought. */
export interface Reply {
  answer: GigyaAnswer;
  /** Where the request went. */
  origin: string;
  /** What the other side's clock says, in milliseconds since 1970. */
  theirTimeMs: number | undefined;
}

/** Sends single signed requests to the data centre of a site, and knows where that is and how late it is there. */
export class SiteRequests {
  readonly #site: GigyaSite;
  readonly #http: HttpClient;
  readonly #bearerKey: KeyObject | undefined;
  readonly #signingKey: KeyObject;
  #clockOffsetMs = 0;
  #origin: string;

  constructor(site: GigyaSite, http: HttpClient) {
    this.#site = site;
    this.#http = http;
    this.#bearerKey = site.privateKey ? bearerKey(site.privateKey) : undefined;
    this.#signingKey = signingKey(site.secret);
    this.#origin = originOf(site.apiDomain);
  }

  get origin(): string {
    return this.#origin;
  }

  async send(method: string, params: Record<string, string>): Promise<Reply> {
    const origin = this.#origin;
    const url = new URL(`${origin}/${method}`);
    const nowMs = Date.now() + this.#clockOffsetMs;
    const request = signed(this.#site, { url, params, bearerKey: this.#bearerKey, signingKey: this.#signingKey, nowMs });
    const { status, headers, text = '' } = await this.#http.send({ method: 'POST', url, ...request }, () => true);
    const date = Date.parse(String(headers.date));
    return { answer: readAnswer(text, { status, method, url }), origin, theirTimeMs: Number.isNaN(date) ? undefined : date };
  }

  /** Signs further requests by the other side's clock. */
  setClock({ theirTimeMs }: Reply): void {
    if (theirTimeMs !== undefined) this.#clockOffsetMs = theirTimeMs - Date.now();
  }

  /** Follows the platform to another of its own hosts, never elsewhere; true when a request is worth repeating there. */
  follow({ answer: { apiDomain }, origin }: Reply): boolean {
    if (typeof apiDomain !== 'string' || apiDomain === '') return false;
    const to = originOf(apiDomain);
    const { hostname } = new URL(to);
    if (hostname !== new URL(origin).hostname && !/\.(gigya\.com|sapcdm\.cn)$/.test(hostname)) return false;
    this.#origin = to;
    return to !== origin;
  }
}

/** Where a site's methods live: `us1.gigya.com` and `accounts.us1.gigya.com` mean the same; an origin is taken as it is. */
function originOf(apiDomain: string): string {
  const domain = apiDomain.trim();
  if (domain.includes('://')) return httpUrl(domain, 'The data centre').origin;
  return httpUrl(`https://${domain.startsWith('accounts.') ? domain : `accounts.${domain}`}`, 'The data centre').origin;
}

interface CallToSign {
  url: URL;
  params: Record<string, string>;
  bearerKey: KeyObject | undefined;
  signingKey: KeyObject;
  nowMs: number;
}

/** Headers and form body of one call, under the site's credentials. */
function signed(site: GigyaSite, { url, params, bearerKey, signingKey, nowMs }: CallToSign) {
  const all: Record<string, string> = { ...params, apiKey: site.apiKey, format: 'json', httpStatusCodes: 'false' };
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (bearerKey) {
    headers.authorization = `Bearer ${bearerToken(site.userKey, bearerKey, nowMs)}`;
  } else if (site.signWith === 'secret') {
    if (url.protocol !== 'https:') throw secretInTheOpen(url);
    all.userKey = site.userKey;
    all.secret = site.secret;
  } else {
    all.userKey = site.userKey;
    all.timestamp = String(Math.floor(nowMs / 1000));
    all.nonce = `${nowMs}_${randomBytes(9).toString('base64url')}`;
    all.sig = signatureOf({ method: 'POST', url, params: all }, signingKey);
  }
  const body = Object.entries(all).map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`);
  return { headers, body: body.join('&') };
}

const secretInTheOpen = (url: URL): FatalError =>
  new FatalError(
    `${url.origin} is reached over plain HTTP, where a secret must not be sent. Let calls be signed (signWith: signature), or use an address that begins with https://.`,
    { code: 'notAllowed', details: { host: url.hostname } },
  );

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
