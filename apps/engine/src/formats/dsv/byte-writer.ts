/** Below this many bytes a loop of eight-byte moves beats a call into native code. */
const shortCopy = 192;
const word = 8;
const nothing = Buffer.alloc(0);

/** Bytes that grow. Copies in words of eight, so up to seven bytes behind the end are scratch. */
export class ByteWriter {
  length = 0;
  readonly #source: Buffer;
  readonly #sourceView: DataView;
  #out: Buffer;
  #outView: DataView;

  constructor(capacity: number, source: Buffer = nothing) {
    this.#source = source;
    this.#sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
    this.#out = Buffer.allocUnsafeSlow(capacity + word);
    this.#outView = new DataView(this.#out.buffer, this.#out.byteOffset, this.#out.byteLength);
  }

  /** Bytes `start` to `end` of the source. */
  copy(start: number, end: number): void {
    this.#reserve(end - start);
    let to = this.length;
    this.length = to + end - start;
    if (end - start > shortCopy || end + word > this.#source.length) {
      this.#source.copy(this.#out, to, start, end);
      return;
    }
    const source = this.#sourceView;
    const out = this.#outView;
    for (let from = start; from < end; from += word) {
      out.setBigUint64(to, source.getBigUint64(from, true), true);
      to += word;
    }
  }

  /** `lead`, bytes `start` to `end` of the source, and the byte `close`; writes nothing and returns false when one of the source's bytes is marked in `special`, 256 marks long. */
  enclose(lead: Uint8Array, { start, end, close }: { start: number; end: number; close: number }, special: Uint8Array): boolean {
    this.#reserve(lead.length + end - start + 1);
    const source = this.#source;
    const out = this.#out;
    let to = this.length;
    for (let i = 0; i < lead.length; i++) out[to++] = lead[i] as number;
    for (let from = start; from < end; from++) {
      const byte = source[from] as number;
      if (special[byte] !== 0) return false;
      out[to++] = byte;
    }
    out[to++] = close;
    this.length = to;
    return true;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const out = this.#out;
    const at = this.length;
    for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i] as number;
    this.length = at + bytes.length;
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.length += this.#out.write(text, this.length);
  }

  /** Writes a text if it is ASCII and none of its characters is marked in `special`, 128 marks long; else writes nothing and returns false. */
  plain(text: string, special: Uint8Array): boolean {
    const { length } = text;
    this.#reserve(length);
    const out = this.#out;
    let at = this.length;
    for (let i = 0; i < length; i++) {
      const character = text.charCodeAt(i);
      if (character > 127 || special[character] !== 0) return false;
      out[at++] = character;
    }
    this.length = at;
    return true;
  }

  /** Puts bytes in place of those at `at`. */
  set(at: number, bytes: Uint8Array): void {
    this.#out.set(bytes, at);
  }

  /** Puts a text in place of everything from `start` on. */
  replace(start: number, text: string): void {
    this.length = start;
    this.text(text);
  }

  take(): Uint8Array {
    return this.#out.subarray(0, this.length);
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes + word;
    if (needed <= this.#out.length) return;
    const out = Buffer.allocUnsafeSlow(Math.max(needed, this.#out.length * 2));
    this.#out.copy(out, 0, 0, this.length);
    this.#out = out;
    this.#outView = new DataView(out.buffer, out.byteOffset, out.byteLength);
  }
}
