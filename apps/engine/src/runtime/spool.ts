import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { FatalError, type FlowFile } from '#dataflow';

/** The same file with other bytes. */
export const withBytes = (file: FlowFile, read: FlowFile['read']): FlowFile => ({
  name: file.name,
  ...(file.size === undefined ? {} : { size: file.size }),
  ...(file.modifiedMs === undefined ? {} : { modifiedMs: file.modifiedMs }),
  read,
});

/** A file that one reader takes. `settle` tells the producer that it is done with. */
export interface FileItem {
  readonly file: FlowFile;
  readonly settled: Promise<void>;
  settle(): void;
}

export function fileItem(file: FlowFile, onSettled?: () => void): FileItem {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    file,
    settled: promise,
    settle: () => {
      resolve();
      onSettled?.();
    },
  };
}

/**
 * Writes a file to the job's spool folder and gives it out to several readers, each at its own pace.
 * The bytes are removed when the last of them is done. Needed where files of several steps meet in one writer, or where
 * one file goes several ways: a stream could stand still there and hold up the branch that feeds it.
 */
export async function spoolFile(file: FlowFile, { folder, readers }: { folder: string; readers: number }): Promise<FileItem[]> {
  const spooled = path.join(folder, randomUUID());
  let size = 0;
  const handle = await open(spooled, 'wx', 0o600);
  try {
    for await (const chunk of file.read()) {
      size += chunk.byteLength;
      await handle.writeFile(chunk);
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new FatalError(
        `There is no space left in ${folder} to spool ${file.name} (${size} bytes so far). Free some space or set TMPDIR to a larger disk.`,
        { code: 'outOfSpace', cause: thrown },
      );
    }
    throw thrown;
  } finally {
    await handle.close();
  }
  let unread = readers;
  const done = () => {
    if (--unread === 0) void rm(spooled, { force: true });
  };
  return Array.from({ length: readers }, () => {
    let settled = false;
    return fileItem({ ...withBytes(file, () => createReadStream(spooled, { highWaterMark: 256 * 1024 })), size }, () => {
      if (!settled) done();
      settled = true;
    });
  });
}
