import { pause } from '#dataflow';

const SHORTEST_MS = 200;
const LONGEST_MS = 5000;

/**
 * Holds back all calls of one connection for a while when the other side says that there are too many. Each refusal that
 * follows a pause makes the next one twice as long; each call that gets through makes it shorter again.
 */
export class Throttle {
  #pauseMs = SHORTEST_MS;
  #until = 0;

  /** Resolves when calls may be made. */
  async pass(signal: AbortSignal): Promise<void> {
    for (let waitMs = this.#until - performance.now(); waitMs > 0; waitMs = this.#until - performance.now()) {
      // Not all at the same instant: a little later for some, so that they do not come as one burst.
      await pause(waitMs * (1 + Math.random() / 4), signal);
    }
  }

  /** A call was refused as one too many; `waitMs` is what the other side asked for, when it did. */
  refused(waitMs?: number): void {
    const now = performance.now();
    if (waitMs !== undefined) this.#until = Math.max(this.#until, now + waitMs);
    if (now < this.#until) return;
    this.#until = now + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_MS);
  }

  accepted(): void {
    this.#pauseMs = Math.max(this.#pauseMs / 2, SHORTEST_MS);
  }
}
