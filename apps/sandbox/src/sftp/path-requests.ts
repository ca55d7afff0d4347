import { chmod, lstat, mkdir, opendir, rename, rmdir, stat, truncate, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attributes, FileEntry } from 'ssh2';
import { attributesOf, entryOf } from './attributes.ts';
import type { Handles } from './handles.ts';
import { type Reply, replyAttributes, replyEnd, replyEntries, replyHandle, replyOk } from './replies.ts';
import type { SessionPlace } from './session-place.ts';

const entriesPerReply = 128;
const noAttributes: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

/** The requests that name a path. Links are neither made nor read. */
export function pathRequests({ folder, handles }: SessionPlace) {
  const then = async (work: Promise<unknown>): Promise<Reply> => {
    await work;
    return replyOk;
  };
  return {
    STAT: async (path: string): Promise<Reply> => replyAttributes(attributesOf(await stat(await folder.locate(path)))),
    LSTAT: async (path: string): Promise<Reply> => replyAttributes(attributesOf(await lstat(await folder.locate(path)))),
    SETSTAT: async (path: string, attributes: Partial<Attributes>): Promise<Reply> => {
      const place = await folder.locate(path);
      const { size, mode, atime, mtime } = attributes;
      if (size !== undefined) await truncate(place, size);
      if (mode !== undefined) await chmod(place, mode & 0o777);
      if (atime !== undefined && mtime !== undefined) await utimes(place, atime, mtime);
      return replyOk;
    },
    OPENDIR: async (path: string): Promise<Reply> => {
      const place = await folder.locate(path);
      return replyHandle(handles.add({ kind: 'folder', folder: await opendir(place), place }));
    },
    READDIR: async (handle: Buffer): Promise<Reply> => {
      const entries = await nextEntries(handles.folder(handle));
      return entries.length === 0 ? replyEnd : replyEntries(entries);
    },
    REALPATH: async (path: string): Promise<Reply> => {
      const filename = folder.normal(path);
      return replyEntries([{ filename, longname: filename, attrs: noAttributes }]);
    },
    REMOVE: async (path: string): Promise<Reply> => then(unlink(await folder.locate(path))),
    RMDIR: async (path: string): Promise<Reply> => then(rmdir(await folder.locate(path))),
    MKDIR: async (path: string, { mode = 0o755 }: Partial<Attributes>): Promise<Reply> =>
      then(mkdir(await folder.locate(path), mode & 0o777)),
    RENAME: async (from: string, to: string): Promise<Reply> => then(renameToNew(await folder.locate(from), await folder.locate(to))),
  };
}

async function nextEntries({ folder, place }: ReturnType<Handles['folder']>): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  while (entries.length < entriesPerReply) {
    const next = await folder.read();
    if (!next) break;
    const stats = await lstat(join(place, next.name)).catch(() => undefined);
    if (stats) entries.push(entryOf(next.name, stats));
  }
  return entries;
}

/** Protocol version 3 refuses a rename onto an existing name. */
async function renameToNew(from: string, to: string): Promise<void> {
  const isTaken = await lstat(to).then(
    () => true,
    () => false,
  );
  if (isTaken) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' });
  await rename(from, to);
}
