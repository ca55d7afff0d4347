/** Most bytes that LZO1X can make of so many, when nothing repeats. */
const worstSize = (size: number): number => size + (size >> 4) + 67;

const hashBits = 14;
const farthest = 0xbfff;
/** Matches nearer than this have the short forms. */
const nearest = 0x0800;
const near = 0x4000;

/**
 * Compresses blocks with LZO1X in one greedy pass, as `LZO1X-1` does: fast, not small. One instance is for one stream of blocks; the
 * blocks do not depend on each other.
 */
export class Lzo1xCompressor {
  readonly #table = new Int32Array(1 << hashBits);
  #output = new Uint8Array(0);
  #op = 0;

  /** The block compressed. Valid until the next call. */
  compress(input: Uint8Array): Uint8Array {
    if (this.#output.length < worstSize(input.length)) this.#output = new Uint8Array(worstSize(input.length));
    this.#op = 0;
    const pending = this.#matches(input);
    this.#literals(input, pending, input.length);
    const output = this.#output;
    output[this.#op++] = 17;
    output[this.#op++] = 0;
    output[this.#op++] = 0;
    return output.subarray(0, this.#op);
  }

  /** Writes all matches and the literals before each; returns where the literals after the last one begin. */
  #matches(input: Uint8Array): number {
    const table = this.#table.fill(-1);
    const last = input.length - 4;
    let pending = 0;
    let misses = 32;
    for (let at = 0; at <= last; ) {
      const word = wordAt(input, at);
      const slot = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
      const candidate = table[slot] as number;
      table[slot] = at;
      if (candidate < 0 || at - candidate > farthest || wordAt(input, candidate) !== word) {
        // What does not repeat is passed over faster and faster.
        at += misses++ >> 5;
        continue;
      }
      misses = 32;
      const end = matchEnd(input, candidate + 4, at + 4);
      this.#literals(input, pending, at);
      this.#match(at - candidate, end - at);
      at = end;
      pending = end;
    }
    return pending;
  }

  #literals(input: Uint8Array, from: number, to: number): void {
    const output = this.#output;
    const count = to - from;
    if (count === 0) return;
    if (this.#op === 0 && count <= 238) output[this.#op++] = 17 + count;
    else if (count <= 3) output[this.#op - 2] = (output[this.#op - 2] as number) | count;
    else if (count <= 18) output[this.#op++] = count - 3;
    else {
      output[this.#op++] = 0;
      this.#extended(count - 18);
    }
    if (count > 16) output.set(input.subarray(from, to), this.#op);
    else for (let i = 0; i < count; i++) output[this.#op + i] = input[from + i] as number;
    this.#op += count;
  }

  #match(distance: number, length: number): void {
    const output = this.#output;
    if (length <= 8 && distance <= nearest) {
      const back = distance - 1;
      output[this.#op++] = ((length - 1) << 5) | ((back & 7) << 2);
      output[this.#op++] = back >> 3;
      return;
    }
    const isNear = distance <= near;
    const back = isNear ? distance - 1 : distance - near;
    const longest = isNear ? 33 : 9;
    const code = isNear ? 32 : 16 | ((back & 0x4000) >> 11);
    if (length <= longest) output[this.#op++] = code | (length - 2);
    else {
      output[this.#op++] = code;
      this.#extended(length - longest);
    }
    output[this.#op++] = (back << 2) & 0xff;
    output[this.#op++] = (back >> 6) & 0xff;
  }

  /** A number from 1 on: a zero byte for each 255 in it, then the rest. */
  #extended(value: number): void {
    let rest = value;
    for (; rest > 255; rest -= 255) this.#output[this.#op++] = 0;
    this.#output[this.#op++] = rest;
  }
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);

function matchEnd(input: Uint8Array, from: number, to: number): number {
  let end = to;
  for (let at = from; end < input.length && input[end] === input[at]; at++) end++;
  return end;
}
