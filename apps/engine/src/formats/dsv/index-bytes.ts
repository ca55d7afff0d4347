import type { DsvDialect } from './dialect.ts';

/** Kinds of bytes that can matter to the shape of delimited text; all others are skipped. */
export const byteKind = { high: 1, separator: 2, lineEnd: 3, quote: 4, escape: 5 } as const;

/** Kind of each byte value, 0 for a plain one. Of a longer separator only the first byte counts. */
export function byteKinds({ separator, quote, escapeWith }: DsvDialect): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds.fill(byteKind.high, 128);
  kinds[10] = byteKind.lineEnd;
  kinds[13] = byteKind.lineEnd;
  kinds[escapeWith.charCodeAt(0)] = byteKind.escape;
  kinds[quote.charCodeAt(0)] = byteKind.quote;
  kinds[Buffer.from(separator)[0] ?? 0] = byteKind.separator;
  return kinds;
}

/**
 * Lists the bytes that matter: `hits[i] = position << 3 | kind`, in order. Returns how many.
 * Four bytes are looked at in one step, since most of them hold nothing: this pass is what parsing costs.
 * `hits` needs a slot for each byte; positions must stay below 2^28.
 */
export function indexBytes(bytes: Uint8Array, kinds: Uint8Array, special: Int32Array, hits: Int32Array): number {
  const lead = (4 - (bytes.byteOffset & 3)) & 3;
  if (bytes.length < lead + 4) return indexRange(bytes, kinds, hits, [0, bytes.length, 0]);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + lead, (bytes.length - lead) >> 2);
  const count = indexWords(words, lead, special, { bytes, kinds, hits, count: indexRange(bytes, kinds, hits, [0, lead, 0]) });
  return indexRange(bytes, kinds, hits, [lead + words.length * 4, bytes.length, count]);
}

/** Line ends, separator, quote and escape repeated to words of four, high bits off, as {@link indexBytes} wants them. */
export function specialWords({ separator, quote, escapeWith }: DsvDialect): Int32Array {
  const bytes = [10, 13, Buffer.from(separator)[0] ?? 0, quote.charCodeAt(0), escapeWith.charCodeAt(0)];
  return Int32Array.from(bytes, (byte) => Math.imul(byte & 0x7f, 0x01010101));
}

function indexRange(bytes: Uint8Array, kinds: Uint8Array, hits: Int32Array, [from, to, found]: readonly [number, number, number]): number {
  let count = found;
  for (let at = from; at < to; at++) {
    const kind = kinds[bytes[at] as number] as number;
    if (kind !== 0) hits[count++] = (at << 3) | kind;
  }
  return count;
}

interface Target {
  bytes: Uint8Array;
  kinds: Uint8Array;
  hits: Int32Array;
  count: number;
}

/** Adding 0x7f to seven bits sets the eighth unless they are zero: so a byte equal to one of the five keeps it clear. */
function indexWords(words: Int32Array, lead: number, special: Int32Array, target: Target): number {
  const { bytes, kinds, hits } = target;
  const [a, b, c, d, e] = special as unknown as [number, number, number, number, number];
  const length = words.length;
  let { count } = target;
  for (let i = 0; i < length; i++) {
    const word = words[i] as number;
    const low = word & 0x7f7f7f7f;
    const other =
      ((low ^ a) + 0x7f7f7f7f) & ((low ^ b) + 0x7f7f7f7f) & ((low ^ c) + 0x7f7f7f7f) & ((low ^ d) + 0x7f7f7f7f) & ((low ^ e) + 0x7f7f7f7f);
    let found = (~other | word) & 0x80808080;
    while (found !== 0) {
      const at = lead + (i << 2) + ((31 - Math.clz32(found & -found)) >> 3);
      found &= found - 1;
      const kind = kinds[bytes[at] as number] as number;
      if (kind !== 0) hits[count++] = (at << 3) | kind;
    }
  }
  return count;
}
