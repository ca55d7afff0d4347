import { Dice } from './dice.ts';

const factor = 0x9e3779b1;
const inverse = inverseOf(factor);

/**
 * Gives every index its own 32-digit hex UID, and finds the index of a UID again without a table:
 * the first 8 digits hold the index, spread by an odd factor; the rest follow from seed and index.
 */
export function uidScheme(seed: number): { uidOf(index: number): string; indexOf(uid: string): number | undefined } {
  const mask = new Dice(seed, 0x75).below(0x7fffffff);
  const uidOf = (index: number): string => {
    const head = (Math.imul(index ^ mask, factor) >>> 0).toString(16).padStart(8, '0');
    return head + new Dice(seed, index, 0x1d).hex(24);
  };
  return {
    uidOf,
    indexOf: (uid) => {
      if (!/^[0-9a-f]{32}$/.test(uid)) return undefined;
      const index = (Math.imul(Number.parseInt(uid.slice(0, 8), 16), inverse) ^ mask) >>> 0;
      return uidOf(index) === uid ? index : undefined;
    },
  };
}

/** Newton's steps for the inverse of an odd number modulo 2^32. */
function inverseOf(odd: number): number {
  let guess = odd;
  for (let step = 0; step < 5; step++) guess = Math.imul(guess, 2 - Math.imul(odd, guess));
  return guess;
}
