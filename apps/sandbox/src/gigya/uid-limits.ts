/** At most `limit` calls for one UID within `windowMs`. */
export class UidLimits {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #clock: () => number;
  #calls = new Map<string, number[]>();
  #sweepAt = 0;

  constructor({ limit, windowMs, clock }: { limit: number; windowMs: number; clock: () => number }) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#clock = clock;
  }

  /** False when this call is one too many. */
  take(uid: string): boolean {
    const now = this.#clock();
    this.#sweep(now);
    const recent = (this.#calls.get(uid) ?? []).filter((at) => at > now - this.#windowMs);
    if (recent.length >= this.#limit) return false;
    recent.push(now);
    this.#calls.set(uid, recent);
    return true;
  }

  #sweep(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + this.#windowMs;
    for (const [uid, calls] of this.#calls) if ((calls.at(-1) ?? 0) <= now - this.#windowMs) this.#calls.delete(uid);
  }
}
