import { createHmac } from 'node:crypto';

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

/** The `sig` parameter. `secret` is base64, as the console shows it. */
export const signatureOf = (request: SignedRequest, secret: string): string =>
  createHmac('sha1', Buffer.from(secret, 'base64')).update(baseString(request)).digest('base64');
