import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** RFC 3986 percent-encoding: everything but letters, digits and `-._~`. */
export const encodeText = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export interface SignedRequest {
  method: string;
  /** Without a query. */
  url: URL;
  /** Everything that is sent but `sig`. */
  params: Readonly<Record<string, string>>;
}

/** The text a signature is made of: method, address and the sorted, encoded parameters. */
export function baseString({ method, url, params }: SignedRequest): string {
  const query = Object.keys(params)
    .sort()
    .map((name) => `${name}=${encodeText(params[name] ?? '')}`)
    .join('&');
  return [method.toUpperCase(), encodeText(url.origin + url.pathname), encodeText(query)].join('&');
}

/** The key of signatures from a secret in base64, as the console shows it. To be kept: making it costs more than signing with it. */
export const signingKey = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'base64'));

/** The `sig` parameter. */
export const signatureOf = (request: SignedRequest, key: KeyObject): string =>
  createHmac('sha1', key).update(baseString(request)).digest('base64');
