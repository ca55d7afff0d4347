import type { Stats } from 'node:fs';
import type { Attributes, FileEntry } from 'ssh2';

export function attributesOf(stats: Stats): Attributes {
  return {
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  };
}

/** One entry of a listing; `longname` looks as `ls -l` prints it, for clients that show or parse it. */
export function entryOf(filename: string, stats: Stats): FileEntry {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const rights = [6, 3, 0].map((shift) => rightsOf(stats.mode >> shift)).join('');
  const date = stats.mtime.toUTCString().slice(4, 16);
  return {
    filename,
    longname: `${kind}${rights} ${stats.nlink} ${stats.uid} ${stats.gid} ${stats.size} ${date} ${filename}`,
    attrs: attributesOf(stats),
  };
}

function rightsOf(bits: number): string {
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}
