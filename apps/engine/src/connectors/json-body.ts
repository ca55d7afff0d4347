import type { DataRecord } from '#dataflow';

/** How records stand in the body of a request: a JSON array, one JSON text a line, or one record as the whole. */
export type BodyFormat = 'array' | 'lines' | 'single';

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

/**
 * Makes bodies of records. Each record is written into the buffer on its own: most are plain ASCII, and one that is not
 * then slows down none of the others. A body is as large as the one before, and grows when that was too little.
 */
export function bodyWriter(format: BodyFormat): (records: readonly DataRecord[]) => Uint8Array {
  let expected = 1024;
  return (records) => {
    let body: Buffer = Buffer.allocUnsafeSlow(expected);
    let at = 0;
    if (format === 'array') body[at++] = OPEN;
    for (const record of records) {
      const text = JSON.stringify(record);
      // A UTF-16 unit takes three bytes at most; two more for what stands around the record.
      if (body.length - at < text.length * 3 + 2) body = grown(body, at, text.length * 3 + 2);
      if (format === 'array' && at > 1) body[at++] = COMMA;
      at += body.write(text, at, 'utf8');
      if (format === 'lines') body[at++] = NEWLINE;
    }
    if (format === 'array') body[at++] = CLOSE;
    expected = Math.max(1024, Math.ceil(at * 1.1));
    return body.subarray(0, at);
  };
}

function grown(body: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(body.length * 2 + needed);
  body.copy(larger, 0, 0, used);
  return larger;
}
