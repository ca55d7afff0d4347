/** Takes byte counts of any size out of chunks of any size. */
export class ByteReader {
  /** Bytes taken so far. */
  position = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array[] = [];
  #size = 0;
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Exactly `count` bytes, or undefined when fewer are left. */
  async take(count: number): Promise<Buffer | undefined> {
    await this.#fill(count);
    if (this.#size < count) return undefined;
    const bytes = this.#join();
    this.#held = bytes.length > count ? [bytes.subarray(count)] : [];
    this.#size -= count;
    this.position += count;
    return bytes.subarray(0, count);
  }

  /** Whether all bytes have been taken. */
  async atEnd(): Promise<boolean> {
    await this.#fill(1);
    return this.#size === 0;
  }

  /** Lets go of the chunks. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(count: number): Promise<void> {
    while (this.#size < count && !this.#ended) {
      const { done, value } = await this.#chunks.next();
      if (done) this.#ended = true;
      else if (value.length > 0) {
        this.#held.push(value);
        this.#size += value.length;
      }
    }
  }

  #join(): Buffer {
    const [only] = this.#held;
    return this.#held.length === 1 && only ? Buffer.from(only.buffer, only.byteOffset, only.byteLength) : Buffer.concat(this.#held);
  }
}
