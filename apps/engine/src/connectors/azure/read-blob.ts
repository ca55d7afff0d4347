import { Readable } from 'node:stream';
import { isStudioError, RetryableError } from '#dataflow';
import { resumedRead } from '../resumed-read.ts';
import { type AzureLine, call, faultOf } from './place.ts';

/** The bytes of a blob; after a lost connection from where it was cut, as long as it is still the same version. */
export function readBlob(line: AzureLine, path: string): AsyncGenerator<Uint8Array, void, void> {
  const seen: Version = {};
  const { signal, log } = line.context;
  return resumedRead({ path, from: (position) => readFrom(line, { path, position, seen }), signal, log });
}

interface Version {
  etag?: string;
  size?: number;
}

async function* readFrom(
  line: AzureLine,
  { path, position, seen }: { path: string; position: number; seen: Version },
): AsyncGenerator<Uint8Array, void, void> {
  if (position > 0 && position === seen.size) return;
  const { signal } = line.context;
  const doing = `Reading ${path}`;
  const { body, etag, size } = await call(line, {
    doing,
    act: async ({ container }) => {
      const conditions = position > 0 && seen.etag !== undefined ? { ifMatch: seen.etag } : {};
      const answer = await container
        .getBlobClient(path)
        .download(position, undefined, { abortSignal: signal, maxRetryRequests: 0, conditions });
      return { body: answer.readableStreamBody ?? Readable.from([]), etag: answer.etag, size: position + (answer.contentLength ?? 0) };
    },
  });
  seen.size = size;
  if (etag !== undefined) seen.etag = etag;
  try {
    for await (const chunk of body) yield chunk as unknown as Uint8Array;
  } catch (thrown) {
    const fault = faultOf(line, thrown, doing);
    if (isStudioError(fault) || signal.aborted) throw fault;
    throw new RetryableError(fault.message, { code: 'connectionFailed' });
  } finally {
    (body as Readable).destroy();
  }
}
