import type { Duplex } from 'node:stream';

/** A message between the two processes: a small head as JSON, and bytes that are never copied into text on the way. */
export interface Frame<Head> {
  head: Head;
  body: Uint8Array;
}

/** Two 32-bit lengths, little-endian: of the head, of the body. */
const lengthsBytes = 8;

/** The body may come in parts, which follow each other. */
export function writeFrame(stream: Duplex, head: object, ...body: Uint8Array[]): void {
  const headBytes = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.allocUnsafe(lengthsBytes);
  lengths.writeUInt32LE(headBytes.length, 0);
  lengths.writeUInt32LE(
    body.reduce((sum, part) => sum + part.length, 0),
    4,
  );
  stream.cork();
  stream.write(Buffer.concat([lengths, headBytes]));
  for (const part of body) if (part.length > 0) stream.write(part);
  stream.uncork();
}

/** Calls back for each whole message that arrives, in order. */
export function onFrame<Head>(stream: Duplex, handle: (frame: Frame<Head>) => void): void {
  let waiting: Buffer[] = [];
  let size = 0;
  /** What has to be there before it is worth looking again. */
  let needed = lengthsBytes;
  stream.on('data', (chunk: Buffer) => {
    waiting.push(chunk);
    size += chunk.length;
    if (size < needed) return;
    let bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting);
    for (;;) {
      needed = lengthsBytes;
      if (bytes.length < needed) break;
      const headEnd = lengthsBytes + bytes.readUInt32LE(0);
      needed = headEnd + bytes.readUInt32LE(4);
      if (bytes.length < needed) break;
      handle({ head: JSON.parse(bytes.toString('utf8', lengthsBytes, headEnd)) as Head, body: bytes.subarray(headEnd, needed) });
      bytes = bytes.subarray(needed);
    }
    waiting = bytes.length > 0 ? [bytes] : [];
    size = bytes.length;
  });
}
