import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { FatalError } from '#dataflow';

/** Bytes kept on disk for a while. */
export interface Spooled extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

/** Writes all chunks to a file of its own in the job's spool folder, which is gone when the result is disposed of. */
export async function spool(chunks: AsyncIterable<Uint8Array>, folder: string): Promise<Spooled> {
  const name = path.join(folder, randomUUID());
  const handle = await open(name, 'wx+', 0o600);
  const dispose = async () => {
    await handle.close();
    await rm(name, { force: true });
  };
  try {
    let size = 0;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
      size += chunk.length;
    }
    return { handle, size, [Symbol.asyncDispose]: dispose };
  } catch (thrown) {
    await dispose();
    throw asSpoolError(thrown);
  }
}

const chunkBytes = 262_144;

/** What was spooled, from the first byte on. */
export async function* readSpooled({ handle, size }: Spooled): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(Math.min(chunkBytes, size - at)), 0, undefined, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

function asSpoolError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || thrown.code !== 'ENOSPC') return thrown;
  return new FatalError('The disk of the spool folder is full. Free some space, or have smaller files made.', {
    code: 'outOfSpace',
    cause: thrown,
  });
}
