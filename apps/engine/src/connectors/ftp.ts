import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { FTPError } from 'basic-ftp';
import { type Connection, FatalError, type FlowFile } from '#dataflow';
import { FtpLine, type FtpPlace } from './ftp/line.ts';
import { answered, type Choice, type FtpFile, type FtpListing, listFiles } from './ftp/list-files.ts';
import { readRemoteFile } from './ftp/read-file.ts';
import type { FtpSettings } from './ftp/settings.ts';
import type { NetworkContext } from './network.ts';
import { plainName } from './remote-name.ts';
import { unrepeatable } from './unrepeatable.ts';

export interface FtpPurpose {
  /** The remote folder to work in; empty is the folder the server puts the user in. */
  folder: string;
  use: 'read' | 'write';
}

/** An FTP server one is logged in to. One transfer at a time; a connection that was lost between two acts is opened anew. */
export interface FtpConnection extends Connection {
  list(folder: string, choose?: Choice): Promise<FtpListing>;
  read(file: FtpFile): AsyncIterable<Uint8Array>;
  /** Makes a folder and those above it where they are missing; true when one was made. */
  makeFolder(folder: string): Promise<boolean>;
  /**
   * Writes a file under a temporary name beside its final one and renames it when it is complete, over a file that
   * stands there. On failure the temporary file is removed, as far as the server lets one in. Resolves to the bytes.
   */
  upload(file: FlowFile, place: { folder: string; temporaryName: string }): Promise<number>;
}

/** Connects and logs in. Throws RetryableError when the server cannot be reached just now, FatalError when it refuses. */
export async function openFtp(settings: FtpSettings, context: NetworkContext, purpose: FtpPurpose): Promise<FtpConnection> {
  const line = await FtpLine.open(settings, context);
  if (settings.security === 'none')
    context.log.warn(
      `Password and files go to ${settings.host} unencrypted. Choose explicit or implicit encryption if the server knows it.`,
    );
  return {
    list: (folder, choose = (files) => files) =>
      line.repeated(`Listing the folder ${folder || '(home)'}`, ({ client, at }) => listFiles(client, at(folder), choose)),
    read: (file) => readRemoteFile(line, file),
    makeFolder: (folder) => line.repeated(`Making the folder ${folder}`, (place) => makeFolder(place, place.at(folder))),
    upload: (file, place) => upload(line, file, place),
    test: () => probe(line, purpose),
    [Symbol.asyncDispose]: async () => line.close(),
  };
}

async function makeFolder(place: FtpPlace, folder: string): Promise<boolean> {
  const { client } = place;
  if (await answered(client.cd(folder))) return false;
  const parent = posix.dirname(folder);
  if (parent !== folder) await makeFolder(place, parent);
  await client.send(`MKD ${folder}`).catch(async (thrown) => {
    // Somebody else may have made it just now.
    if (!(await answered(client.cd(folder)))) throw thrown;
  });
  return true;
}

async function upload(line: FtpLine, file: FlowFile, place: { folder: string; temporaryName: string }): Promise<number> {
  const [temporaryName, finalName] = [plainName(place.temporaryName), plainName(file.name)];
  const pathOf = ({ at }: FtpPlace, name: string) => posix.join(at(place.folder), name);
  try {
    const bytes = await send(line, file, (at) => pathOf(at, temporaryName));
    await line.once(`Renaming ${temporaryName} to ${finalName}`, (at) => replace(at, pathOf(at, temporaryName), pathOf(at, finalName)));
    return bytes;
  } catch (thrown) {
    await line.tidy((at) => at.client.remove(pathOf(at, temporaryName)));
    throw unrepeatable(thrown);
  }
}

/** Sends the bytes and makes sure that the server has as many. */
async function send(line: FtpLine, file: FlowFile, pathOf: (place: FtpPlace) => string): Promise<number> {
  const source = countedSource(file);
  return line
    .once(`Writing ${file.name}`, async (place) => {
      const path = pathOf(place);
      const stream = Readable.from(source.chunks(place), { objectMode: false, highWaterMark: 1 << 20 });
      // The library takes its listeners off a connection it closes, so that the stream would wait for ever.
      await place.client.uploadFrom(stream, path).finally(() => stream.destroy());
      const arrived = await answered(place.client.size(path));
      if (arrived !== undefined && arrived !== source.sent()) throw incomplete(file.name, { sent: source.sent(), arrived });
      return source.sent();
    })
    .catch((thrown) => {
      throw source.fault() ?? thrown;
    });
}

/** The chunks of a file, counted; what its origin threw is kept apart from what the server did. */
function countedSource(file: FlowFile) {
  let sent = 0;
  let fault: unknown;
  return {
    async *chunks({ secured }: FtpPlace) {
      const chunks = file.read()[Symbol.asyncIterator]();
      // What the server does arrives at the yield, so only the origin is watched.
      const pull = () =>
        chunks.next().catch((thrown: unknown) => {
          fault = thrown;
          throw thrown;
        });
      try {
        for (let next = await pull(); !next.done; next = await pull()) {
          sent += next.value.length;
          yield next.value;
        }
        // A TLS connection that is closed in the middle of its handshake is a fault to servers, and an empty file is that quick.
        if (sent === 0) await secured();
      } finally {
        await chunks.return?.();
      }
    },
    sent: () => sent,
    fault: () => fault,
  };
}

/** Renames over an existing file: in one act where the server does, else by removing the old file first. */
async function replace({ client }: FtpPlace, from: string, to: string): Promise<void> {
  try {
    await client.rename(from, to);
  } catch (thrown) {
    if (!(thrown instanceof FTPError) || !(await answered(client.remove(to)))) throw thrown;
    await client.rename(from, to);
  }
}

const incomplete = (name: string, { sent, arrived }: { sent: number; arrived: number }): FatalError =>
  new FatalError(`${name} did not arrive whole: ${sent} bytes were sent, the server has ${arrived}. Check the space left on the server.`, {
    code: 'targetRefused',
    details: { file: name, sent, arrived },
  });

async function probe(line: FtpLine, { folder, use }: FtpPurpose): Promise<string> {
  const { host, port, username } = line.settings;
  const where = `${username} is logged in to ${host}:${port}`;
  if (use === 'read') {
    const { total } = await line.once(`Listing the folder ${folder || '(home)'}`, ({ client, at }) =>
      listFiles(client, at(folder), () => []),
    );
    return `${where}; ${folder || 'the home folder'} holds ${total} files.`;
  }
  const stands = await line.once('Looking for the folder', ({ client, at }) => answered(client.cd(at(folder))));
  if (!stands) return `${where}; the folder ${folder} is missing and will be made with the first upload.`;
  const trial = `.idsync-test-${randomUUID()}`;
  const pathOf = ({ at }: FtpPlace) => posix.join(at(folder), trial);
  await send(line, { name: trial, read: nothing }, pathOf);
  await line.once(`Removing ${trial}`, (place) => place.client.remove(pathOf(place)));
  return `${where} and may write to ${folder || 'the home folder'}.`;
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}
