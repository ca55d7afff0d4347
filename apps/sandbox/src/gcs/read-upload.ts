import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { badRequest, GcsError } from './gcs-error.ts';

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The metadata of an upload that is begun; none when the body is empty. */
export async function readMetadata(request: IncomingMessage): Promise<JsonObject> {
  const bytes = await bytesOf(request);
  return bytes.length === 0 ? {} : objectOf(bytes);
}

function objectOf(bytes: Buffer): JsonObject {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Json;
    if (isObject(value)) return value;
  } catch {
    // Told below, like a value of another kind.
  }
  throw new GcsError(400, 'parseError', 'Parse Error');
}

/** Metadata and bytes of an object that comes in one request. */
export async function readWhole(request: Request, type: 'media' | 'multipart'): Promise<{ metadata: JsonObject; media: Buffer }> {
  const bytes = await bytesOf(request);
  if (type === 'media') return { metadata: { contentType: request.headers['content-type'] }, media: bytes };
  const boundary = /^multipart\/related;.*boundary="?([^";]+)"?/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw badRequest('Multipart must have boundary.');
  const [first, second] = bytes
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => Buffer.from(part.slice(part.indexOf('\r\n\r\n') + 4, -2), 'latin1'));
  if (!first || !second) throw badRequest('Multipart must have two parts.');
  return { metadata: objectOf(first), media: second };
}
