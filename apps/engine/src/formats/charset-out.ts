import iconv from 'iconv-lite';
import type { FlowFile } from '#dataflow';

export interface CharsetOptions {
  charset: string;
  /** Begins UTF-8 with a mark too. */
  byteOrderMark: boolean;
  /** Called once, with the first character that the charset lacks. */
  onLost(character: string): void;
}

/** Whether {@link encodeFiles} can write a charset of this name. */
export const writesCharset = (name: string): boolean => iconv.encodingExists(name.trim());

const utf8 = /^(utf-?8|unicode-1-1-utf-8)$/i;

/** Files of UTF-8 text in another charset. UTF-16 and UTF-32 begin with a byte order mark. */
export async function* encodeFiles(files: AsyncIterable<FlowFile>, options: CharsetOptions): AsyncGenerator<FlowFile> {
  const charset = options.charset.trim();
  if (utf8.test(charset) && !options.byteOrderMark) {
    yield* files;
    return;
  }
  const convert = converter(charset, options);
  for await (const file of files) yield { name: file.name, read: () => convert(file.read()) };
}

function converter(
  charset: string,
  { byteOrderMark, onLost }: CharsetOptions,
): (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  const unicode = /^(utf|ucs|cesu)/i.test(charset);
  let told = unicode;
  const lose = (text: string, bytes: Uint8Array) => {
    if (told) return;
    const back = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), charset);
    const lost =
      back === text
        ? undefined
        : Array.from(text).find((character) => iconv.decode(iconv.encode(character, charset), charset) !== character);
    if (lost === undefined) return;
    told = true;
    onLost(lost);
  };
  return async function* (chunks) {
    // UTF-16 without a byte order in its name is little-endian, as Windows has it.
    const encoder = iconv.getEncoder(charset, { addBOM: /^(utf-?16|utf-?32|ucs-?2)/i.test(charset) || (byteOrderMark && unicode) });
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const encode = (text: string): Uint8Array => {
      const bytes = encoder.write(text);
      lose(text, bytes);
      return bytes;
    };
    for await (const chunk of chunks) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield encode(text);
    }
    const last = encoder.end();
    if (last && last.length > 0) yield last;
  };
}
