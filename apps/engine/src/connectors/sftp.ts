import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { FileInfo, FileStats } from 'ssh2-sftp-client';
import { type Connection, errorCodes, FatalError, type FlowFile, isStudioError } from '#dataflow';
import type { NetworkContext } from './network.ts';
import { plainName } from './remote-name.ts';
import type { RemoteFile } from './select-files.ts';
import { SftpLine } from './sftp/line.ts';
import { answerOf, type SftpSession } from './sftp/session.ts';
import type { SftpSettings } from './sftp/settings.ts';
import { readRemoteFile, writeRemoteFile } from './sftp/transfer.ts';
import { unrepeatable } from './unrepeatable.ts';

export interface SftpPurpose {
  /** The remote folder to work in; empty is the folder the server puts the user in. */
  folder: string;
  use: 'read' | 'write';
}

/** An SFTP server one is logged in to. A connection that is lost is opened anew, but for an upload under way. */
export interface SftpConnection extends Connection {
  /** The files of a folder, links to files too; folders and everything else left out. */
  list(folder: string): Promise<RemoteFile[]>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Makes a folder and those above it where they are missing; true when one was made. */
  makeFolder(folder: string): Promise<boolean>;
  /**
   * Writes a file under a temporary name beside its final one and renames it when it is complete, over a file that
   * stands there. On failure the temporary file is removed, as far as the server lets one in. Resolves to the bytes.
   */
  upload(file: FlowFile, place: { folder: string; temporaryName: string }): Promise<number>;
}

/** Connects and logs in. Throws RetryableError when the server cannot be reached just now, FatalError when it refuses. */
export async function openSftp(settings: SftpSettings, context: NetworkContext, purpose: SftpPurpose): Promise<SftpConnection> {
  const line = await SftpLine.open(settings, context);
  return {
    list: (folder) => line.repeated((session) => listFiles(session, remotePaths(session), folder)),
    read: (path) => readRemoteFile(line, path),
    makeFolder: (folder) => line.repeated((session) => makeFolder(remotePaths(session), folder || '.')),
    upload: (file, place) => upload(line, file, place),
    test: async () => {
      const session = await line.session();
      return probe(session, remotePaths(session), purpose);
    },
    [Symbol.asyncDispose]: () => line.close(),
  };
}

async function upload(line: SftpLine, file: FlowFile, place: { folder: string; temporaryName: string }): Promise<number> {
  const temporary = posix.join(place.folder || '.', plainName(place.temporaryName));
  const final = posix.join(place.folder || '.', plainName(file.name));
  try {
    const session = await line.repeated(async (live) => live);
    const bytes = await writeRemoteFile(session, temporary, file.read());
    await replace(session, temporary, final);
    return bytes;
  } catch (thrown) {
    await line.tidy((session) => remotePaths(session).remove(temporary, true));
    throw unrepeatable(thrown);
  }
}

type RemotePaths = ReturnType<typeof remotePaths>;

/** Single requests about paths. */
const remotePaths = (session: SftpSession) => ({
  stat: (path: string) => session.request<FileStats>({ doing: `Looking for ${path}`, act: ({ client }) => client.stat(path) }),
  makeOne: (path: string) =>
    session.request({ doing: `Making the folder ${path}`, act: ({ sftp }) => answerOf((done) => sftp.mkdir(path, done)) }),
  remove: (path: string, always: boolean) =>
    session.request({ doing: `Removing ${path}`, act: ({ client }) => client.delete(path), always }),
});

const isNotFound = (thrown: unknown): boolean => isStudioError(thrown) && thrown.code === errorCodes.notFound;

/** True for the answer of a server to one request, false when the connection failed or the job was stopped. */
const isRefusal = (thrown: unknown): boolean =>
  isStudioError(thrown) && [errorCodes.notFound, errorCodes.notAllowed, errorCodes.targetRefused].some((code) => code === thrown.code);

/** A line as `ls -l` prints it. Servers may send any other (protocol, section 7); the library's `type` is its first letter. */
const lsLine = /^[-bcdlps][-rwxsStT]{9}\S?\s+\d/;

async function listFiles(session: SftpSession, paths: RemotePaths, folder: string): Promise<RemoteFile[]> {
  const entries = await session.request({
    doing: `Listing the folder ${folder || '(home)'}`,
    act: ({ client }) => client.list(folder || '.') as Promise<(FileInfo & { longname: string })[]>,
  });
  const files: RemoteFile[] = [];
  for (const { name, type, longname, size, modifyTime } of entries) {
    const path = posix.join(folder || '.', name);
    const told = lsLine.test(longname) && type !== 'l';
    const found = told ? { isFile: type === '-', size, modifyTime } : await statIfThere(paths, path, isRefusal);
    if (found?.isFile) files.push({ name, path, size: found.size, modifiedMs: found.modifyTime });
  }
  return files;
}

async function makeFolder(paths: RemotePaths, folder: string): Promise<boolean> {
  const found = await statIfThere(paths, folder);
  if (found?.isDirectory) return false;
  if (found) {
    throw new FatalError(`${folder} is a file on the server, not a folder. Give another remotePath.`, {
      code: 'targetRefused',
      details: { folder },
    });
  }
  const parent = posix.dirname(folder);
  if (parent !== folder) await makeFolder(paths, parent);
  await paths.makeOne(folder).catch(async (thrown) => {
    // Somebody else may have made it just now.
    if (!(await statIfThere(paths, folder))?.isDirectory) throw thrown;
  });
  return true;
}

const statIfThere = (paths: RemotePaths, path: string, isAbsent = isNotFound): Promise<FileStats | undefined> =>
  paths.stat(path).catch((thrown) => {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  });

/** Renames over an existing file: in one act where the server can, else by removing the old file first. */
async function replace(session: SftpSession, from: string, to: string): Promise<void> {
  const doing = `Renaming ${from} to ${to}`;
  if (await session.request({ doing, act: ({ client }) => client.posixRename(from, to).then(() => true, notOffered) })) return;
  const rename = () => session.request({ doing, act: ({ client }) => client.rename(from, to) });
  try {
    await rename();
  } catch (thrown) {
    const removed = await session.request({ doing, act: ({ client }) => client.delete(to) }).then(
      () => true,
      () => false,
    );
    if (!removed) throw thrown;
    await rename();
  }
}

/** Tells a request that the server does not have, which is an error without any code, from one that failed. */
function notOffered(thrown: { code?: unknown }): false {
  if (thrown.code !== undefined) throw thrown;
  return false;
}

async function probe(session: SftpSession, paths: RemotePaths, { folder, use }: SftpPurpose): Promise<string> {
  const { host, port, username } = session.settings;
  const where = `${username} is logged in to ${host}:${port}`;
  if (use === 'read') return `${where}; ${folder || 'the home folder'} holds ${(await listFiles(session, paths, folder)).length} files.`;
  const stats = await statIfThere(paths, folder || '.');
  if (!stats) return `${where}; the folder ${folder} is missing and will be made with the first upload.`;
  const trial = posix.join(folder || '.', `.idsync-test-${randomUUID()}`);
  await writeRemoteFile(session, trial, nothing());
  await paths.remove(trial, true);
  return `${where} and may write to ${folder || 'the home folder'}.`;
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}
