import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { ApiError } from './api-error.ts';
import { Parameters } from './parameters.ts';

const maxBodyBytes = 16 * 1024 * 1024;

/** One call as it came in. `url` is without the query, the way a client signs it. */
export interface ApiRequest {
  httpMethod: string;
  url: string;
  /** `accounts.search`; a name without a namespace belongs to `socialize`. */
  apiMethod: string;
  params: Parameters;
  authorization: string | undefined;
}

/** Reads query string and form body. Throws ApiError 400001 or 413001. */
export async function readRequest(request: IncomingMessage): Promise<ApiRequest> {
  const scheme = request.socket instanceof TLSSocket ? 'https' : 'http';
  const address = new URL(request.url ?? '/', `${scheme}://${request.headers.host ?? 'localhost'}`);
  const entries = [...address.searchParams];
  if (request.method === 'POST') entries.push(...readForm(request, await readBody(request)));
  else if (request.method !== 'GET') throw new ApiError(400001, `HTTP method ${request.method} is not supported, send GET or POST`);
  const name = address.pathname.slice(1);
  return {
    httpMethod: request.method,
    url: address.origin + address.pathname,
    apiMethod: name.includes('.') ? name : `socialize.${name}`,
    params: new Parameters(entries),
    authorization: request.headers.authorization,
  };
}

/** The whole body as text. Throws ApiError 413001 past 16 MB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: a client listens for the answer only after it has sent everything.
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) throw new ApiError(413001, `The request body is larger than ${maxBodyBytes} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

function readForm(request: IncomingMessage, body: string): Iterable<[string, string]> {
  const type = request.headers['content-type'] ?? 'application/x-www-form-urlencoded';
  if (body !== '' && !type.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    throw new ApiError(400001, `Content type ${type} is not supported, send application/x-www-form-urlencoded`);
  }
  return new URLSearchParams(body);
}
