/**
 * Remembers nonces for at least `windowMs`. Two generations of sets replace each other, so forgetting
 * costs nothing per call.
 */
export class NonceMemory {
  readonly #windowMs: number;
  #recent = new Set<string>();
  #older = new Set<string>();
  #turnAt = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** False when the nonce was used before. */
  use(nonce: string, now: number): boolean {
    if (now >= this.#turnAt) {
      this.#older = now < this.#turnAt + this.#windowMs ? this.#recent : new Set();
      this.#recent = new Set();
      this.#turnAt = now + this.#windowMs;
    }
    if (this.#recent.has(nonce) || this.#older.has(nonce)) return false;
    this.#recent.add(nonce);
    return true;
  }
}
