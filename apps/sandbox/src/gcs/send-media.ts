import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { GcsError } from './gcs-error.ts';
import type { StoredObject } from './object-store.ts';

/** Bytes as they are stored; an object stored with the encoding gzip is unpacked for whoever does not accept it ("Transcoding of gzip-compressed files"). */
export async function sendMedia(object: StoredObject, request: Request, response: Response): Promise<void> {
  const { size, md5, generation, contentType, contentEncoding, file } = object;
  response.setHeader('x-goog-generation', String(generation)).setHeader('x-goog-hash', `md5=${md5}`).setHeader('Content-Type', contentType);
  response
    .setHeader('x-goog-stored-content-length', String(size))
    .setHeader('x-goog-stored-content-encoding', contentEncoding ?? 'identity');
  if (contentEncoding === 'gzip' && !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    return pipeline(createReadStream(file), createGunzip(), response).catch(() => {});
  }
  if (contentEncoding !== undefined) response.setHeader('Content-Encoding', contentEncoding);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (range && start >= size) throw new GcsError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable');
  if (range) response.status(206).setHeader('Content-Range', `bytes ${start}-${end}/${size}`);
  response.setHeader('Content-Length', String(end - start + 1));
  if (size === 0) return void response.end();
  // A client that leaves early ends the pipeline, which is no fault here.
  await pipeline(createReadStream(file, { start, end }), response).catch(() => {});
}
