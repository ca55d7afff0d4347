import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { knowsCharset, toUtf8 } from './charset.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, charset: string, size = 1000) {
  const { chunks, convertedFrom } = await toUtf8(inChunks(bytes, size), charset);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return { text: Buffer.concat(parts).toString(), convertedFrom };
}

const german = 'Größe,Straße\nMüller,Köln\n';
const emoji = 'a,b\n😀,李\n';

test('UTF-8 passes through, named or detected', async () => {
  for (const charset of ['UTF-8', 'utf8', 'auto-detect']) {
    expect(await read(Buffer.from(emoji), charset)).toEqual({ text: emoji, convertedFrom: undefined });
  }
});

test.each([1, 3, 1000])('UTF-16 is known by its mark whatever the name says, in chunks of %i', async (size) => {
  for (const [encoding, name] of [
    ['utf16le', 'UTF-16LE'],
    ['utf16be', 'UTF-16BE'],
  ] as const) {
    const bytes = iconv.encode(emoji, encoding, { addBOM: true });
    for (const charset of ['UTF-8', 'auto-detect', 'UTF-16'])
      expect(await read(bytes, charset, size)).toEqual({ text: emoji, convertedFrom: name });
  }
});

test('a surrogate pair over a border of chunks of 64 KiB stays whole', async () => {
  const text = `x${'😀'.repeat(70_000)}`;
  for (const encoding of ['utf16le', 'utf16be'])
    expect((await read(iconv.encode(text, encoding, { addBOM: true }), 'auto-detect', 65_537)).text).toBe(text);
});

test('UTF-16 without a mark is detected or named', async () => {
  const bytes = iconv.encode(german, 'utf16be');
  expect(await read(bytes, 'auto-detect')).toEqual({ text: german, convertedFrom: 'UTF-16BE' });
  expect((await read(bytes, 'UTF-16BE')).text).toBe(german);
});

test('other charsets are converted by name, and Latin text is detected', async () => {
  expect((await read(iconv.encode(german, 'iso-8859-1'), 'ISO-8859-1', 1)).text).toBe(german);
  expect(await read(iconv.encode(german, 'windows-1252'), 'auto-detect')).toEqual({ text: german, convertedFrom: 'WINDOWS-1252' });
  expect((await read(iconv.encode('東京,大阪', 'shift_jis'), 'Shift_JIS', 1)).text).toBe('東京,大阪');
});

test('detection is not misled by a character cut at the end of the sample', async () => {
  const text = `${'x'.repeat(65_535)}é`;
  expect((await read(Buffer.from(text), 'auto-detect', 65_536)).convertedFrom).toBeUndefined();
});

test('names of charsets are checked', () => {
  for (const name of ['UTF-8', 'auto-detect', 'ISO-8859-1', 'windows-1250', 'UTF-16']) expect(knowsCharset(name)).toBe(true);
  expect(knowsCharset('klingon')).toBe(false);
});
