import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import ssh2, { type Attributes } from 'ssh2';
import { attributesOf } from './attributes.ts';
import { type Reply, replyAttributes, replyData, replyEnd, replyHandle, replyNothing, replyOk } from './replies.ts';
import type { SessionPlace } from './session-place.ts';

const { OPEN_MODE } = ssh2.utils.sftp;
/** The largest piece a read answers; clients ask again for the rest. */
const maxReadBytes = 256 * 1024;

/** The requests on open files. */
export function fileRequests({ folder, handles, faults, cut }: SessionPlace) {
  return {
    OPEN: async (path: string, flags: number, attributes: Partial<Attributes>): Promise<Reply> => {
      const file = await open(await folder.locate(path), openFlags(flags), (attributes.mode ?? 0o644) & 0o777);
      return replyHandle(handles.add({ kind: 'file', file, appends: (flags & OPEN_MODE.APPEND) !== 0 }));
    },
    READ: async (handle: Buffer, offset: number, length: number): Promise<Reply> => {
      const buffer = Buffer.allocUnsafe(Math.min(length, maxReadBytes));
      const { bytesRead } = await handles.file(handle).file.read(buffer, 0, buffer.length, offset);
      return bytesRead === 0 ? replyEnd : replyData(buffer.subarray(0, bytesRead));
    },
    WRITE: async (handle: Buffer, offset: number, data: Buffer): Promise<Reply> => {
      const { file, appends } = handles.file(handle);
      const fate = await faults.meetWrite(data.length);
      if (fate === 'cut') {
        cut();
        return replyNothing;
      }
      if (fate === 'full') throw Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
      await writeFully(file, data, appends ? null : offset);
      return replyOk;
    },
    CLOSE: async (handle: Buffer): Promise<Reply> => {
      await handles.close(handle);
      return replyOk;
    },
    FSTAT: async (handle: Buffer): Promise<Reply> => replyAttributes(attributesOf(await handles.file(handle).file.stat())),
    FSETSTAT: async (handle: Buffer, attributes: Partial<Attributes>): Promise<Reply> => {
      const { file } = handles.file(handle);
      const { size, mode, atime, mtime } = attributes;
      if (size !== undefined) await file.truncate(size);
      if (mode !== undefined) await file.chmod(mode & 0o777);
      if (atime !== undefined && mtime !== undefined) await file.utimes(atime, mtime);
      return replyOk;
    },
  };
}

async function writeFully(file: FileHandle, data: Buffer, position: number | null): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.write(data, done, data.length - done, position === null ? null : position + done);
    done += bytesWritten;
  }
}

function openFlags(flags: number): number {
  const has = (mode: number): boolean => (flags & mode) !== 0;
  const access = has(OPEN_MODE.WRITE) ? (has(OPEN_MODE.READ) ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  return (
    access |
    (has(OPEN_MODE.APPEND) ? constants.O_APPEND : 0) |
    (has(OPEN_MODE.CREAT) ? constants.O_CREAT : 0) |
    (has(OPEN_MODE.TRUNC) ? constants.O_TRUNC : 0) |
    (has(OPEN_MODE.EXCL) ? constants.O_EXCL : 0)
  );
}
