import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { chunksOf, fileOf } from '#testing';
import { bytesOf } from '#testing/bytes-of.ts';
import { encodeFiles, writesCharset } from './charset-out.ts';

async function encode(text: string, charset: string, { byteOrderMark = false, size = 1000 } = {}) {
  const lost: string[] = [];
  async function* files() {
    yield { ...fileOf('a.csv', ''), read: () => chunksOf(Buffer.from(text), size) };
  }
  const all: Buffer[] = [];
  for await (const file of encodeFiles(files(), { charset, byteOrderMark, onLost: (character) => lost.push(character) }))
    all.push(await bytesOf(file.read()));
  return { bytes: all[0] ?? Buffer.alloc(0), lost };
}

const text = 'Größe,Straße\nMüller,Köln\n';

test.each(['ISO-8859-1', 'windows-1252', 'UTF-16LE', 'UTF-16BE', 'utf-16', 'UTF-32', 'Shift_JIS'])(
  '%s is read back as it was',
  async (charset) => {
    for (const size of [1, 3, 1000]) {
      const content = charset === 'Shift_JIS' ? '東京,大阪\n' : text;
      const { bytes, lost } = await encode(content, charset, { size });
      expect(iconv.decode(bytes, charset)).toBe(content);
      expect(lost).toEqual([]);
    }
  },
);

test('UTF-16 has a mark, UTF-8 when asked', async () => {
  expect((await encode('a', 'UTF-16')).bytes).toEqual(Buffer.from([0xff, 0xfe, 0x61, 0]));
  expect((await encode('a', 'UTF-16BE')).bytes).toEqual(Buffer.from([0xfe, 0xff, 0, 0x61]));
  expect((await encode('a', 'UTF-8')).bytes).toEqual(Buffer.from('a'));
  expect((await encode('a', 'UTF-8', { byteOrderMark: true })).bytes).toEqual(Buffer.from('\uFEFFa'));
  expect((await encode('a', 'ISO-8859-1', { byteOrderMark: true })).bytes).toEqual(Buffer.from('a'));
});

test('surrogate pairs cut by chunks stay whole', async () => {
  const { bytes } = await encode(`x${'😀'.repeat(500)}`, 'UTF-16LE', { size: 3 });
  expect(bytes.subarray(2).toString('utf16le')).toBe(`x${'😀'.repeat(500)}`);
});

test('a character that the charset lacks becomes ? and is told once', async () => {
  const { bytes, lost } = await encode('a€b,李\n'.repeat(300), 'ISO-8859-1', { size: 7 });
  expect(bytes.subarray(0, 6).toString('latin1')).toBe('a?b,?\n');
  expect(lost).toEqual(['€']);
});

test('names of charsets are checked', () => {
  expect([writesCharset('Latin1'), writesCharset('klingon'), writesCharset('auto-detect')]).toEqual([true, false, false]);
});
