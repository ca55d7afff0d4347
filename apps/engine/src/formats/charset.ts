import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Bytes as UTF-8 text, with or without a byte order mark. */
export interface Utf8Text {
  chunks: AsyncIterable<Uint8Array>;
  /** The charset they were converted from; undefined when they came as UTF-8 and are passed on untouched and unchecked. */
  convertedFrom: string | undefined;
}

/** Enough to judge a charset by. */
const sampleBytes = 65_536;

/** Any of these means "find out". */
const detects = new Set(['auto-detect', 'autodetect', 'auto', '']);

/** Whether {@link toUtf8} can read a charset of this name. */
export const knowsCharset = (name: string): boolean => detects.has(name.trim().toLowerCase()) || iconv.encodingExists(name.trim());

/**
 * Converts text of any charset to UTF-8. A UTF-16 byte order mark decides before the name does. `auto-detect` takes UTF-8 when
 * the first 64 KiB are UTF-8, UTF-16 when every other byte of them is mostly zero, and otherwise windows-1252, which holds ISO-8859-1.
 */
export async function toUtf8(chunks: AsyncIterable<Uint8Array>, charset: string): Promise<Utf8Text> {
  const iterator = chunks[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  let size = 0;
  while (size < sampleBytes) {
    const { done, value } = await iterator.next();
    if (done) break;
    begun.push(value);
    size += value.length;
  }
  const sample = Buffer.concat(begun);
  const from = chooseCharset(sample, charset.trim().toLowerCase());
  const all = resume(sample, iterator);
  return from === undefined ? { chunks: all, convertedFrom: undefined } : { chunks: convert(all, from), convertedFrom: from };
}

/** Undefined: UTF-8. */
function chooseCharset(sample: Buffer, wanted: string): string | undefined {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'UTF-16LE';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'UTF-16BE';
  if (/^utf-?8$|^unicode-1-1-utf-8$|^(us-)?ascii$/.test(wanted)) return undefined;
  if (!detects.has(wanted)) return wanted.toUpperCase();
  return detectUtf16(sample) ?? (isUtf8(wholeCharacters(sample)) ? undefined : 'WINDOWS-1252');
}

/** UTF-16 text without a mark: zero bytes stand on one side only. */
function detectUtf16(sample: Buffer): string | undefined {
  const zeros = [0, 0];
  for (let i = 0; i < Math.min(sample.length, 4096); i++) if (sample[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const quarter = Math.min(sample.length, 4096) / 4;
  if (odd > quarter && even === 0) return 'UTF-16LE';
  return even > quarter && odd === 0 ? 'UTF-16BE' : undefined;
}

/** Without a last character that the sample may have cut. */
function wholeCharacters(sample: Buffer): Buffer {
  let end = sample.length;
  for (let back = 0; back < 3 && end > 0 && ((sample[end - 1] as number) & 0xc0) === 0x80; back++) end--;
  return end > 0 && (sample[end - 1] as number) >= 0xc0 ? sample.subarray(0, end - 1) : sample;
}

async function* resume(begun: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (begun.length > 0) yield begun;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* convert(chunks: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<Uint8Array> {
  const decoder = iconv.getDecoder(charset);
  let held = '';
  for await (const chunk of chunks) {
    const text = held + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    // A surrogate pair cut in two would become two replacement characters.
    const cut = /[\uD800-\uDBFF]$/.test(text) ? 1 : 0;
    held = text.slice(text.length - cut);
    if (text.length > cut) yield Buffer.from(cut ? text.slice(0, -cut) : text);
  }
  const last = held + (decoder.end() ?? '');
  if (last !== '') yield Buffer.from(last);
}
