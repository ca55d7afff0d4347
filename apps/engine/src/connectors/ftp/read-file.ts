import { PassThrough } from 'node:stream';
import { FatalError } from '#dataflow';
import { resumedRead } from '../resumed-read.ts';
import type { FtpLine, FtpPlace } from './line.ts';
import { answered, type FtpFile } from './list-files.ts';

/** The bytes of a remote file; after a lost connection from where it was cut, as long as the file is still the one that was listed. */
export const readRemoteFile = (line: FtpLine, file: FtpFile): AsyncGenerator<Uint8Array, void, void> =>
  resumedRead({ path: file.path, from: (position) => readFrom(line, file, position), signal: line.signal, log: line.log });

async function* readFrom(line: FtpLine, file: FtpFile, position: number): AsyncGenerator<Uint8Array, void, void> {
  const doing = `Reading ${file.path}`;
  const { promise: begun, resolve: begin, reject } = Promise.withResolvers<FtpPlace>();
  begun.catch(() => {});
  const pipe = new PassThrough({ highWaterMark: 1 << 20 });
  // Met by whoever reads the pipe; it may also fail before that.
  pipe.on('error', () => {});
  const done = line.once(doing, async (place) => {
    if (position > 0) await checkSame(place, file);
    begin(place);
    await place.client.downloadTo(pipe, file.path, position);
  });
  // A failed transfer ends the pipe like a complete one; which it was is told by `done`.
  done.catch((thrown) => {
    reject(thrown);
    pipe.destroy(thrown);
  });
  let ended = false;
  try {
    await begun;
    for await (const chunk of pipe) yield chunk as Uint8Array;
    await done;
    ended = true;
  } catch (thrown) {
    ended = true;
    throw line.error(thrown, doing);
  } finally {
    if (!ended) {
      line.cut();
      await done.catch(() => {});
      pipe.destroy();
    }
  }
}

async function checkSame({ client }: FtpPlace, { path, size, modifiedMs, timeIsExact }: FtpFile): Promise<void> {
  const now = await answered(client.size(path));
  const time = timeIsExact ? await answered(client.lastMod(path)) : undefined;
  if (now === size && (time === undefined || time.getTime() === modifiedMs)) return;
  throw new FatalError(
    `The connection was lost while ${path} was read, and the file is not the same any more${now === undefined ? ' (the server tells no size)' : ''}. Run the job again.`,
    { code: 'malformedFile', details: { path, size, ...(now === undefined ? {} : { sizeNow: now }) } },
  );
}
