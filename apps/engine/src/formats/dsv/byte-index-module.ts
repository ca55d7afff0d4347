/**
 * The WebAssembly behind {@link ByteIndex}, written down as instructions: it looks at sixteen bytes in one step, which JavaScript cannot.
 *
 * `index(end, shift, separator, quote, escape) → count` reads the bytes from `inputAt` to `end` and writes, for each one that is a line end,
 * one of the three given bytes or above 127, `(address + shift) << 3 | kinds[byte]` to `hitsAt` on, in order. Up to fifteen bytes behind `end`
 * are looked at too. `kinds` is the table of 256 bytes at address 0.
 */

/** Most bytes in one call. */
export const pieceBytes = 65_536;
export const inputAt = 256;
export const hitsAt = 131_072;
/** Of 64 KiB: kinds and input with slack below `hitsAt`, then four bytes for each byte of input. */
const pages = 7;

const [end, shift, separator, quote, escapeWith, at, out, bits, found, separators, quotes, escapes, lineFeeds, returns, bytes] = Array(
  15,
).keys() as unknown as number[];
const i32Type = 0x7f;
const v128Type = 0x7b;

const get = (local = 0) => [0x20, local];
const set = (local = 0) => [0x21, local];
const i32 = (value: number) => [0x41, ...signed(value)];
const block = (...body: number[][]) => [0x02, 0x40, ...body.flat(), 0x0b];
const loop = (...body: number[][]) => [0x03, 0x40, ...body.flat(), 0x0b];
const branch = (depth: number) => [0x0c, depth];
const branchIf = (depth: number) => [0x0d, depth];
const loadByte = [0x2d, 0, 0];
const storeI32 = [0x36, 2, 0];
const [eqz, geU, ctz, add, sub, and, or, shl, shrU] = [[0x45], [0x4f], [0x68], [0x6a], [0x6b], [0x71], [0x72], [0x74], [0x76]] as const;
const loadVector = [0xfd, 0x00, 0, 0];
const splat = [0xfd, 0x0f];
const equalBytes = [0xfd, 0x23];
const orVectors = [0xfd, 0x50];
/** The top bit of each of the sixteen bytes. */
const topBits = [0xfd, 0x64];

const body = [
  [...i32(inputAt), ...set(at), ...i32(hitsAt), ...set(out)],
  [...get(separator), ...splat, ...set(separators), ...get(quote), ...splat, ...set(quotes), ...get(escapeWith), ...splat, ...set(escapes)],
  [...i32(10), ...splat, ...set(lineFeeds), ...i32(13), ...splat, ...set(returns)],
  block(
    loop(
      [...get(at), ...get(end), ...geU, ...branchIf(1)],
      [...get(at), ...loadVector, ...set(bytes)],
      // A byte above 127 has its top bit set already; equality sets it on the others.
      get(bytes),
      ...[separators, quotes, escapes, lineFeeds, returns].map((wanted) => [...get(bytes), ...get(wanted), ...equalBytes, ...orVectors]),
      [...topBits, ...set(bits)],
      block(
        loop(
          [...get(bits), ...eqz, ...branchIf(1)],
          [...get(at), ...get(bits), ...ctz, ...add, ...set(found)],
          [
            ...get(out),
            ...get(found),
            ...get(shift),
            ...add,
            ...i32(3),
            ...shl,
            ...get(found),
            ...loadByte,
            ...loadByte,
            ...or,
            ...storeI32,
          ],
          [...get(out), ...i32(4), ...add, ...set(out)],
          [...get(bits), ...get(bits), ...i32(1), ...sub, ...and, ...set(bits)],
          branch(0),
        ),
      ),
      [...get(at), ...i32(16), ...add, ...set(at)],
      branch(0),
    ),
  ),
  [...get(out), ...i32(hitsAt), ...sub, ...i32(2), ...shrU, 0x0b],
].flat();

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const last = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}

const unsigned = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >> 7)]);
const sized = (content: number[]) => [...unsigned(content.length), ...content];
const section = (id: number, content: number[]) => [id, ...sized(content)];
const named = (name: string) => sized([...Buffer.from(name)]);
const code = [2, 4, i32Type, 6, v128Type, ...body];

export const byteIndexModule = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 5, i32Type, i32Type, i32Type, i32Type, i32Type, 1, i32Type]),
  ...section(3, [1, 0]),
  ...section(5, [1, 0, pages]),
  ...section(7, [2, ...named('memory'), 2, 0, ...named('index'), 0, 0]),
  ...section(10, [1, ...sized(code)]),
]);
