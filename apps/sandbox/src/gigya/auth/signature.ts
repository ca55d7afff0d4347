import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** What is signed. `params` holds every parameter as sent; `sig` among them is left out. */
export interface SignedParts {
  httpMethod: string;
  url: string;
  params: Iterable<readonly [string, string]>;
}

/** RFC 3986 percent-encoding, as OAuth 1 wants it. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function baseString({ httpMethod, url, params }: SignedParts): string {
  const query = [...params]
    .filter(([name]) => name !== 'sig')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
  return `${httpMethod.toUpperCase()}&${encode(normalUrl(url))}&${encode(query)}`;
}

const keys = new Map<string, KeyObject>();

/** Kept for each secret: making a key costs more than signing with it. */
function keyOf(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const key = createSecretKey(Buffer.from(secret, 'base64'));
  keys.set(secret, key);
  return key;
}

/** base64 of HMAC-SHA1; `secret` is the base64 text of the key. */
export function sign(secret: string, parts: SignedParts): string {
  return createHmac('sha1', keyOf(secret)).update(baseString(parts)).digest('base64');
}

export function isSignedBy(secret: string, sig: string, parts: SignedParts): boolean {
  const expected = Buffer.from(sign(secret, parts));
  const given = Buffer.from(sig);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Compares two secrets in a time that tells nothing of where they differ. */
export function isSameSecret(secret: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(secret), digest(given));
}

function normalUrl(url: string): string {
  const { protocol, host } = new URL(url);
  const path = url.slice(url.indexOf('/', url.indexOf('://') + 3)).split('?')[0];
  return `${protocol}//${host}${path}`;
}
