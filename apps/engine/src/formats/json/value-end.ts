const quote = 0x22;
const backslash = 0x5c;
const opens = 0x7b;
const closes = 0x7d;

/** Blanks of JSON, and the comma between elements. */
export const isGap = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x2c;

/**
 * The position after the JSON value that begins at `start`, or -1 when the bytes end inside it. Looks at brackets and strings only,
 * so the value may still be malformed; anything that is no object, list or text ends at the next blank, comma or closing bracket.
 */
export function valueEnd(bytes: Uint8Array, start: number, final: boolean): number {
  const first = bytes[start] as number;
  if (first === quote) return stringEnd(bytes, start);
  if ((first | 0x20) === opens) return bracketEnd(bytes, start);
  if ((first | 0x20) === closes) return start + 1;
  let at = start;
  while (at < bytes.length && !isGap(bytes[at]) && ((bytes[at] as number) | 0x20) !== closes) at++;
  return at < bytes.length || final ? at : -1;
}

/** `{` and `[`, `}` and `]` differ by one bit. */
function bracketEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.length;
  let depth = 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      at++;
      while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
    } else if ((byte | 0x20) === opens) depth++;
    else if ((byte | 0x20) === closes) {
      depth--;
      if (depth === 0) return at + 1;
    }
    at++;
  }
  return -1;
}

function stringEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at + 1;
  }
  return -1;
}
