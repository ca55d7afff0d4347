/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  /** A copy with one to eight things wrong: bits turned, bytes overwritten, taken out, put in or repeated, the end cut off. */
  damage(bytes: Uint8Array): Buffer {
    let damaged: Buffer = Buffer.from(bytes);
    for (let times = 1 + this.below(8); times > 0 && damaged.length > 0; times--) damaged = this.#wound(damaged);
    return damaged;
  }

  #wound(bytes: Buffer): Buffer {
    const at = this.below(bytes.length);
    const count = 1 + this.below(Math.min(64, bytes.length - at));
    switch (this.below(7)) {
      case 0:
        bytes[at] = (bytes[at] as number) ^ (1 << this.below(8));
        return bytes;
      case 1:
        return bytes.fill(this.one([0, 0xff, 0x80, 0x7f, this.below(256)]), at, at + count);
      case 2:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
      case 3:
        return Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(Array.from({ length: count }, () => this.below(256))),
          bytes.subarray(at),
        ]);
      case 4:
        return Buffer.concat([bytes.subarray(0, at + count), bytes.subarray(at)]);
      case 5:
        return bytes.subarray(0, at);
      default:
        if (at + 4 <= bytes.length) bytes.writeUInt32LE(this.one([0, 1, 0x7fff_ffff, 0xffff_ffff, this.below(2 ** 31)]), at);
        return bytes;
    }
  }
}

export interface FuzzOptions {
  /** How long to go on; FUZZ_MS in the environment counts instead. */
  forMs?: number;
  /** One round may take so long: more is a hang. */
  roundMs?: number;
}

/**
 * Runs rounds with a seed each until the time is up. The seeds are 1, 2, 3 …; FUZZ_SEED in the environment runs one alone, to look into it.
 * An error of a round comes with its seed.
 */
export async function fuzz(round: (dice: Dice) => Promise<void>, { forMs = 3000, roundMs = 20_000 }: FuzzOptions = {}): Promise<number> {
  const only = process.env.FUZZ_SEED;
  const end = performance.now() + Number(process.env.FUZZ_MS ?? forMs);
  for (let seed = only === undefined ? 1 : Number(only); ; seed++) {
    const began = performance.now();
    try {
      await round(new Dice(seed));
    } catch (cause) {
      throw new Error(`Round with FUZZ_SEED=${seed} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
    if (performance.now() - began > roundMs)
      throw new Error(`Round with FUZZ_SEED=${seed} took ${Math.round(performance.now() - began)} ms.`);
    if (only !== undefined || performance.now() > end) return seed;
  }
}

/** Passes when the promise is kept or fails with an error of one of these classes; any other error is a fault. */
export async function allowing<T>(promise: Promise<T>, classes: readonly (new (...args: never[]) => Error)[]): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (classes.some((known) => error instanceof known)) return undefined;
    throw error;
  }
}
