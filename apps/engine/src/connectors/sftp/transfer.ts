import { FatalError } from '#dataflow';
import { resumedRead } from '../resumed-read.ts';
import type { SftpLine } from './line.ts';
import { answerOf, type SftpSession } from './session.ts';

/** Every server takes pieces of this size; larger ones gain nothing. */
const PIECE = 32 * 1024;
/** Requests on their way at a time, so that a long line is filled. */
const WINDOW = 64;
/** Pieces handed on together. */
const BLOCK_PIECES = 8;
const BLOCK = PIECE * BLOCK_PIECES;

const open = (session: SftpSession, path: string, mode: 'r' | 'w') =>
  session.request<Buffer>({
    doing: mode === 'r' ? `Opening ${path}` : `Creating ${path}`,
    act: ({ sftp }) => answerOf((done) => sftp.open(path, mode, done)),
  });

const close = (session: SftpSession, path: string, handle: Buffer) =>
  session.request({ doing: `Closing ${path}`, act: ({ sftp }) => answerOf((done) => sftp.close(handle, done)), always: true });

/** A remote file as it was when it was first opened. */
interface Version {
  size: number;
  mtime: number;
}

/**
 * The bytes of a remote file in order, as it is when it is opened and as it grows while being read. After a lost connection
 * they go on where they were cut, as long as size and time of the file are the same.
 */
export function readRemoteFile(line: SftpLine, path: string): AsyncGenerator<Uint8Array, void, void> {
  const seen: { version?: Version } = {};
  const { signal, log } = line.context;
  return resumedRead({ path, from: (position) => readFrom(line, { path, position, seen }), signal, log });
}

interface ReadFrom {
  path: string;
  position: number;
  seen: { version?: Version };
}

async function* readFrom(line: SftpLine, { path, position: start, seen }: ReadFrom): AsyncGenerator<Uint8Array, void, void> {
  const session = await line.session();
  const handle = await open(session, path, 'r');
  const doing = `Reading ${path}`;
  const readAt = (target: Buffer, position: number): Promise<number> =>
    session.request<number>({ doing, act: ({ sftp }) => answerOf((done) => sftp.read(handle, target, 0, target.length, position, done)) });

  const readPiece = async (target: Buffer, position: number): Promise<void> => {
    for (let filled = 0; filled < target.length; ) {
      const count = await readAt(target.subarray(filled), position + filled);
      if (count === 0) throw shrunk(path, position + filled);
      filled += count;
    }
  };

  const readBlock = async (position: number, length: number): Promise<Buffer> => {
    const block = Buffer.allocUnsafeSlow(length);
    const pieces: Promise<void>[] = [];
    for (let at = 0; at < length; at += PIECE) pieces.push(readPiece(block.subarray(at, Math.min(at + PIECE, length)), position + at));
    await Promise.all(pieces);
    return block;
  };

  try {
    const { size, mtime } = await session.request<Version>({ doing, act: ({ sftp }) => answerOf((done) => sftp.fstat(handle, done)) });
    if (start > 0 && (seen.version?.size !== size || seen.version.mtime !== mtime)) throw changed(path, start);
    seen.version = { size, mtime };
    const coming: Promise<Buffer>[] = [];
    let asked = start;
    while (asked < size || coming.length > 0) {
      while (asked < size && coming.length < WINDOW / BLOCK_PIECES) {
        const block = readBlock(asked, Math.min(BLOCK, size - asked));
        // Met where it is awaited; not at all when the reader leaves early.
        block.catch(() => {});
        coming.push(block);
        asked += BLOCK;
      }
      const block = await coming.shift();
      if (block) yield block;
    }
    yield* readTail(readAt, Math.max(size, start));
  } finally {
    await close(session, path, handle).catch(() => {});
  }
}

/** What was added to a file behind the size it had on opening; servers that tell no size give everything here. */
async function* readTail(
  readAt: (target: Buffer, position: number) => Promise<number>,
  from: number,
): AsyncGenerator<Uint8Array, void, void> {
  for (let position = from; ; ) {
    const tail = Buffer.allocUnsafeSlow(PIECE);
    const count = await readAt(tail, position);
    if (count === 0) return;
    position += count;
    yield tail.subarray(0, count);
  }
}

const shrunk = (path: string, bytes: number): FatalError =>
  new FatalError(`${path} became shorter than ${bytes} bytes while it was read. Run the job again when the file is complete.`, {
    code: 'malformedFile',
    details: { path, bytes },
  });

const changed = (path: string, bytes: number): FatalError =>
  new FatalError(
    `The connection was lost while ${path} was read, and the file is not the same any more. Run the job again when it is complete.`,
    {
      code: 'malformedFile',
      details: { path, bytes },
    },
  );

/** Writes a remote file from its beginning, replacing what it held; resolves to its bytes once the server has them all. */
export async function writeRemoteFile(session: SftpSession, path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await open(session, path, 'w');
  const doing = `Writing ${path}`;
  let position = 0;
  let closing = false;
  try {
    const going: Promise<void>[] = [];
    for await (const piece of piecesOf(chunks)) {
      const at = position;
      const written = session.request({
        doing,
        act: ({ sftp }) => answerOf((done) => sftp.write(handle, piece, 0, piece.length, at, done)),
      });
      written.catch(() => {});
      going.push(written);
      position += piece.length;
      if (going.length >= WINDOW) await going.shift();
    }
    await Promise.all(going);
    closing = true;
    await close(session, path, handle);
    return position;
  } finally {
    if (!closing) await close(session, path, handle).catch(() => {});
  }
}

/** The same bytes in pieces of one size, the last one shorter; small chunks are joined. */
async function* piecesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  let kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    kept.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    size += chunk.byteLength;
    if (size < PIECE) continue;
    const [first] = kept;
    const joined = kept.length === 1 && first ? first : Buffer.concat(kept, size);
    const whole = size - (size % PIECE);
    for (let at = 0; at < whole; at += PIECE) yield joined.subarray(at, at + PIECE);
    kept = whole === size ? [] : [joined.subarray(whole)];
    size -= whole;
  }
  if (size > 0) yield Buffer.concat(kept, size);
}
