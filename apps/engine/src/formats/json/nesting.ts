/** Levels of objects and lists that a record may have: far from where recursion over it would overflow the stack. */
export const maxNesting = 1000;

const quote = 0x22;
const backslash = 0x5c;

/** Whether the JSON between two positions is nested deeper than {@link maxNesting}. Short texts, which cannot be, cost nothing. */
export function tooDeep(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 * maxNesting) return false;
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      at++;
      while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
    } else if (byte > 0x5a) {
      // Brackets and braces differ from their closing ones by two, and from each other by one bit.
      if ((byte | 0x20) === 0x7b) {
        if (++depth > maxNesting) return true;
      } else if ((byte | 0x20) === 0x7d) depth--;
    }
  }
  return false;
}
