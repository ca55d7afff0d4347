import { posix } from 'node:path';
import { type Client, type FileInfo, FTPError } from 'basic-ftp';
import { isPlainName } from '../remote-name.ts';
import type { RemoteFile } from '../select-files.ts';
import { latestListTime } from './list-time.ts';

/** A file of an FTP server. */
export interface FtpFile extends RemoteFile {
  /** False when the time is the latest that a line of LIST can mean. */
  timeIsExact: boolean;
}

export interface FtpListing {
  /** The chosen files of the folder, links to files too. */
  files: FtpFile[];
  /** Files of the folder, chosen or not. */
  total: number;
  /** Files whose names would leave the folder. */
  unsafe: number;
}

/** Chooses files by what every listing tells; times are not known yet. */
export type Choice = (files: readonly RemoteFile[]) => readonly RemoteFile[];

/** Lists a folder, by MLSD where the server has it. Other servers tell sizes by LIST and times by MDTM, one request for each chosen file. */
export async function listFiles(client: Client, folder: string, choose: Choice): Promise<FtpListing> {
  // A folder that is not there lists as empty on some servers, and names of folders may look like options of LIST.
  await client.cd(folder);
  const entries = (await client.list()).filter((entry) => !entry.isDirectory && entry.name !== '.' && entry.name !== '..');
  const safe = new Map<string, Listed>();
  for (const entry of entries) {
    const { name, size } = entry;
    if (isPlainName(name)) safe.set(name, { entry, name, path: posix.join(folder, name), size, modifiedMs: Number.POSITIVE_INFINITY });
  }
  const files: FtpFile[] = [];
  const times = { offered: true };
  for (const { name } of choose([...safe.values()])) {
    const listed = safe.get(name);
    const file = listed && (await describe(client, listed, times));
    if (file) files.push(file);
  }
  return { files, total: safe.size, unsafe: entries.length - safe.size };
}

interface Listed extends RemoteFile {
  entry: FileInfo;
}

async function describe(client: Client, { entry, path }: Listed, times: { offered: boolean }): Promise<FtpFile | undefined> {
  const { name, isFile, modifiedAt, rawModifiedAt } = entry;
  // What has no size is no file: links to folders, and what else a server may keep there.
  const size = isFile ? entry.size : await answered(client.size(path));
  if (size === undefined) return undefined;
  const exact = modifiedAt ?? (times.offered ? await timeOf(client, path, times) : undefined);
  const modifiedMs = exact?.getTime() ?? latestListTime(rawModifiedAt) ?? Date.now();
  return { name, path, size, modifiedMs, timeIsExact: exact !== undefined };
}

async function timeOf(client: Client, path: string, times: { offered: boolean }): Promise<Date | undefined> {
  return client.lastMod(path).catch((thrown: unknown) => {
    if (!(thrown instanceof FTPError)) throw thrown;
    if (thrown.code >= 500 && thrown.code <= 504) times.offered = false;
    return undefined;
  });
}

/** Undefined when the server refuses. */
export const answered = <T>(request: Promise<T>): Promise<T | undefined> =>
  request.catch((thrown: unknown) => {
    if (thrown instanceof FTPError) return undefined;
    throw thrown;
  });
