import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CancelledError, FatalError, isStudioError } from '#dataflow';
import { type RemoteFile, UPLOADING } from './select-files.ts';

const chunkBytes = 262_144;

/** The regular files of a folder, links followed as far as `allow` (which throws) lets them; or the one file the path names. */
export async function listLocal(place: string, allow: (file: string) => void): Promise<RemoteFile[]> {
  try {
    const found = await stat(place);
    if (found.isFile()) return [describe(place, found)];
    const files: RemoteFile[] = [];
    for (const entry of await readdir(place, { withFileTypes: true })) {
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      const file = path.join(place, entry.name);
      const target = await stat(file).catch(ignoreMissing);
      if (!target?.isFile()) continue;
      allow(file);
      files.push(describe(file, target));
    }
    return files;
  } catch (thrown) {
    throw asFileError(thrown, place, 'read');
  }
}

const describe = (file: string, { size, mtimeMs }: { size: number; mtimeMs: number }): RemoteFile => ({
  name: path.basename(file),
  path: file,
  size,
  modifiedMs: mtimeMs,
});

/** A link that leads nowhere, or a file that was just removed. */
function ignoreMissing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT' && thrown.code !== 'ELOOP') throw thrown;
}

/** The bytes of a file in chunks of 256 KiB; the next one is on its way while one is used. */
export async function* readLocal(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    let next = readChunk(handle);
    for (;;) {
      const chunk = await next;
      if (signal.aborted) throw new CancelledError();
      if (chunk.length === 0) return;
      next = readChunk(handle);
      next.catch(() => undefined);
      yield chunk;
    }
  } catch (thrown) {
    throw asFileError(thrown, file, 'read');
  } finally {
    await handle?.close();
  }
}

async function readChunk(handle: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
  return buffer.subarray(0, bytesRead);
}

/**
 * Writes a file under a hidden temporary name and renames it when it is complete and on disk, replacing a file of that name.
 * Makes the folder when it does not exist. After a failure or an abort nothing is left. Resolves to the bytes.
 */
export async function publishLocal(
  folder: string,
  file: { name: string; read(): AsyncIterable<Uint8Array> },
  signal: AbortSignal,
): Promise<number> {
  if (file.name === '' || file.name === '.' || file.name === '..' || /[/\\\0]/.test(file.name)) {
    throw new FatalError(
      `The file name ${JSON.stringify(file.name)} is no plain name, so it is not written. Change the name it is given.`,
      {
        code: 'notAllowed',
        details: { file: file.name },
      },
    );
  }
  const target = path.join(folder, file.name);
  const temporary = path.join(folder, `.${file.name}.${randomUUID().slice(0, 8)}${UPLOADING}`);
  try {
    await mkdir(folder, { recursive: true });
    const bytes = await writeChunks(temporary, file.read(), signal);
    await rename(temporary, target);
    return bytes;
  } catch (thrown) {
    // The reason of the failure matters more than a remainder that cannot be removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asFileError(thrown, target, 'written');
  }
}

async function writeChunks(file: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
  const handle = await open(file, 'wx');
  let bytes = 0;
  try {
    let writing = Promise.resolve();
    for await (const chunk of chunks) {
      await writing;
      if (signal.aborted) throw new CancelledError();
      writing = writeAll(handle, chunk);
      bytes += chunk.length;
      writing.catch(() => undefined);
    }
    await writing;
    if (signal.aborted) throw new CancelledError();
    await handle.datasync();
    return bytes;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at, chunk.length - at)).bytesWritten;
}

const reasons: Record<string, { why: string; code: 'notFound' | 'notAllowed' | 'outOfSpace' }> = {
  ENOENT: { why: 'it does not exist. Check the path', code: 'notFound' },
  ENOTDIR: { why: 'part of its path is a file. Check the path', code: 'notFound' },
  EISDIR: { why: 'it is a folder. Choose another name', code: 'notAllowed' },
  EACCES: { why: 'the system does not permit it. Check owner and permissions', code: 'notAllowed' },
  EPERM: { why: 'the system does not permit it. Check owner and permissions', code: 'notAllowed' },
  EROFS: { why: 'the disk is read-only. Choose another folder', code: 'notAllowed' },
  ENAMETOOLONG: { why: 'its name is too long. Choose a shorter one', code: 'notAllowed' },
  ENOSPC: { why: 'there is no space left. Free some', code: 'outOfSpace' },
  EDQUOT: { why: 'the quota is used up. Free some space', code: 'outOfSpace' },
};

/** Faults of the file system in words; everything else, as from the bytes' origin, unchanged. */
function asFileError(thrown: unknown, file: string, done: 'read' | 'written'): unknown {
  if (isStudioError(thrown) || !(thrown instanceof Error) || !('syscall' in thrown)) return thrown;
  const reason = reasons[(thrown as NodeJS.ErrnoException).code ?? ''];
  if (!reason) return thrown;
  return new FatalError(`${file} cannot be ${done}: ${reason.why}.`, { code: reason.code, cause: thrown, details: { file } });
}
