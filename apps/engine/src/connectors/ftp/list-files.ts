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
  /** The wanted files of the folder, links to files too. */
  files: FtpFile[];
  /** Files of the folder, wanted or not. */
  total: number;
  /** Files whose names would leave the folder. */
  unsafe: number;
}

/** Lists a folder, by MLSD where the server has it. Other servers tell sizes by LIST and times by MDTM, one request for each wanted file. */
export async function listFiles(client: Client, folder: string, wanted: (name: string) => boolean): Promise<FtpListing> {
  // A folder that is not there lists as empty on some servers, and names of folders may look like options of LIST.
  await client.cd(folder);
  const entries = (await client.list()).filter((entry) => !entry.isDirectory && entry.name !== '.' && entry.name !== '..');
  const safe = entries.filter(({ name }) => isPlainName(name));
  const files: FtpFile[] = [];
  const times = { offered: true };
  for (const entry of safe) {
    if (!wanted(entry.name)) continue;
    const file = await describe(client, { entry, path: posix.join(folder, entry.name), times });
    if (file) files.push(file);
  }
  return { files, total: safe.length, unsafe: entries.length - safe.length };
}

interface Listed {
  entry: FileInfo;
  path: string;
  times: { offered: boolean };
}

async function describe(client: Client, { entry, path, times }: Listed): Promise<FtpFile | undefined> {
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
