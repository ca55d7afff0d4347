const modulus = 65_521;
/** Most bytes that can be summed up before the sums must be reduced to stay below 2^32. */
const stretch = 5552;

/** The Adler-32 checksum of RFC 1950, as an unsigned number. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + stretch, bytes.length);
    for (; at < end; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= modulus;
    b %= modulus;
  }
  return ((b << 16) | a) >>> 0;
}
