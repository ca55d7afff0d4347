import type { IncomingMessage } from 'node:http';
import { ApiError } from '../api-error.ts';
import { Parameters } from './parameters.ts';

const LARGEST_BODY_BYTES = 20 * 1024 * 1024;

/** Reads query string and body: form-urlencoded, multipart form, or GET with a query string. Throws ApiError 400001 or 413001. */
export async function readParameters(request: IncomingMessage): Promise<Parameters> {
  const query = [...new URL(request.url ?? '/', 'http://localhost').searchParams];
  if (request.method === 'GET') return new Parameters(query);
  if (request.method !== 'POST') throw new ApiError(400001, `HTTP method ${request.method} is not supported; send GET or POST.`);
  return new Parameters([...(await readForm(request)), ...query]);
}

async function readForm(request: IncomingMessage): Promise<(readonly [string, string])[]> {
  const body = await readBody(request);
  if (body.length === 0) return [];
  const type = request.headers['content-type'] ?? 'application/x-www-form-urlencoded';
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return [...new URLSearchParams(body.toString('utf8'))];
  if (!/^multipart\/form-data\b/i.test(type)) {
    throw new ApiError(400001, `Content type ${type} is not supported; send application/x-www-form-urlencoded or multipart/form-data.`);
  }
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch((cause: Error) => {
    throw new ApiError(400001, `The multipart form cannot be read: ${cause.message}`);
  });
  return Promise.all([...form].map(async ([name, value]) => [name, typeof value === 'string' ? value : await value.text()] as const));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: a client listens for the answer only after it has sent everything.
    if (size <= LARGEST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > LARGEST_BODY_BYTES) throw new ApiError(413001, `The request body is larger than ${LARGEST_BODY_BYTES} bytes.`);
  return Buffer.concat(chunks);
}
