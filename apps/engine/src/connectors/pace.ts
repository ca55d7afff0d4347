import { pause } from '#dataflow';

/** Lets calls begin no faster than a platform's documented rate, evenly spread. */
export class Pace {
  readonly #intervalMs: number;
  #next = 0;

  constructor(callsPerSecond: number) {
    this.#intervalMs = 1000 / callsPerSecond;
  }

  /** Resolves when the next call may begin. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const mine = Math.max(this.#next, now);
    this.#next = mine + this.#intervalMs;
    if (mine > now) await pause(mine - now, signal);
  }
}
