/** Why a block cannot be decompressed. */
export class Lzo1xError extends Error {}

/** After a run of four literals or more: short matches mean something else there than after one to three. */
const afterLongRun = 4;

/**
 * Decompresses one LZO1X block into exactly `size` bytes. Throws an Lzo1xError when the block is damaged; never reads or writes out of bounds.
 *
 * The stream is a row of instructions: literals to copy, and matches, each a distance back and a length. The two low bits of a match
 * (`trailing`) say how many literals follow it, 0 to 3, and so what an instruction below 16 means: a run of literals after 0, a match of
 * two bytes after 1 to 3, a match of three far away after a longer run. Written after the description of the stream in the Linux kernel
 * (Documentation/staging/lzo.rst).
 */
export function decompressLzo1x(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  let ip = 0;
  let op = 0;
  let state = 0;

  const extended = (base: number): number => {
    let length = base;
    while (input[ip] === 0) {
      length += 255;
      ip++;
    }
    length += byteAt(input, ip++);
    return length;
  };
  const copyLiterals = (count: number): void => {
    if (ip + count > input.length) throw new Lzo1xError('it ends inside its literals');
    if (op + count > size) throw new Lzo1xError('it is longer than it says');
    if (count > 16) output.set(input.subarray(ip, ip + count), op);
    else for (let i = 0; i < count; i++) output[op + i] = input[ip + i] as number;
    ip += count;
    op += count;
  };

  if (byteAt(input, 0) > 17) {
    const count = byteAt(input, ip++) - 17;
    copyLiterals(count);
    state = Math.min(count, afterLongRun);
  }
  for (;;) {
    const code = byteAt(input, ip++);
    let distance: number;
    let length: number;
    let trailing = code & 3;
    if (code >= 64) {
      distance = ((code >> 2) & 7) + (byteAt(input, ip++) << 3) + 1;
      length = (code >> 5) + 1;
    } else if (code >= 16) {
      const near = code >= 32;
      const mask = near ? 31 : 7;
      length = (code & mask) === 0 ? extended(mask + 2) : (code & mask) + 2;
      const low = byteAt(input, ip++);
      const rest = (low >> 2) + (byteAt(input, ip++) << 6);
      trailing = low & 3;
      distance = near ? rest + 1 : ((code & 8) << 11) + rest + 16_384;
      if (!near && distance === 16_384) break;
    } else if (state === 0) {
      copyLiterals(code === 0 ? extended(18) : code + 3);
      state = afterLongRun;
      continue;
    } else {
      const far = state === afterLongRun;
      distance = (code >> 2) + (byteAt(input, ip++) << 2) + (far ? 2049 : 1);
      length = far ? 3 : 2;
    }
    if (distance > op) throw new Lzo1xError('it points before its beginning');
    if (op + length > size) throw new Lzo1xError('it is longer than it says');
    copyMatch(output, op, distance, length);
    op += length;
    copyLiterals(trailing);
    state = trailing;
  }
  if (ip !== input.length) throw new Lzo1xError('other bytes follow its end');
  if (op !== size) throw new Lzo1xError('it is shorter than it says');
  return output;
}

function byteAt(input: Uint8Array, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw new Lzo1xError('it ends inside an instruction');
  return byte;
}

/** A match may overlap what it makes: then the bytes repeat. */
function copyMatch(output: Uint8Array, to: number, distance: number, length: number): void {
  const from = to - distance;
  if (length > 32 && distance >= length) output.copyWithin(to, from, from + length);
  else for (let i = 0; i < length; i++) output[to + i] = output[from + i] as number;
}
