import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import component from './dsv.ts';

const parse = (content: string | Uint8Array, params = {}) =>
  runComponent(component, { params: { columnSeparator: ',', ...params }, files: { 'a.csv': content } });

test('files in other charsets are read by name or detected', async () => {
  const text = 'name,city\nJosé,Köln\n';
  const expected = [{ name: 'José', city: 'Köln' }];
  expect((await parse(iconv.encode(text, 'latin1'), { fileCharset: 'ISO-8859-1' })).records).toEqual(expected);
  expect((await parse(iconv.encode(text, 'latin1'), { fileCharset: 'auto-detect' })).records).toEqual(expected);
  expect((await parse(iconv.encode(text, 'utf16le', { addBOM: true }))).records).toEqual(expected);
});

test('a byte that is not of the charset fails its row; the line stands in the record and in the log', async () => {
  const { records, errors, log } = await parse(iconv.encode('name,city\nAnn,Rome\nJosé,Köln\n', 'latin1'));
  expect(records).toEqual([{ name: 'Ann', city: 'Rome' }]);
  expect(errors).toMatchObject([{ _file: 'a.csv', _line: 3, _raw: 'Jos\uFFFD,K\uFFFDln', _errorDetails: { errorCode: 400010 } }]);
  expect(log[0]?.message).toContain('Line 3 of a.csv cannot be read');
});

test('a byte that a converted charset lacks fails its row', async () => {
  const bytes = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff]), Buffer.from('\n2,3\n')]);
  const { records, errors } = await parse(bytes, { fileCharset: 'us-ascii' });
  expect(records).toEqual([{ a: '2', b: '3' }]);
  expect(errors).toHaveLength(1);
});

test('equal faults have one text, whatever their line', async () => {
  const { errors, log } = await parse(`a,b\n${'1\n'.repeat(100)}`);
  expect(new Set(errors.map(({ _errorDetails }) => JSON.stringify(_errorDetails))).size).toBe(1);
  expect(errors.map(({ _line }) => _line)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  expect(log).toHaveLength(21);
});

test('an empty file and one with a header only give no records and no faults', async () => {
  for (const content of ['', 'a,b', 'a,b\r\n', '\uFEFF']) expect(await parse(content)).toMatchObject({ records: [], errors: [], log: [] });
});

test('settings that cannot work are refused', async () => {
  await expect(parse('', { columnSeparator: '"' })).rejects.toThrow('holds the quote character');
  await expect(parse('', { columnSeparator: '\n' })).rejects.toThrow('line end');
  await expect(parse('', { quoteCharacter: 'ab' })).rejects.toThrow('one printable ASCII character');
  await expect(parse('', { fileCharset: 'klingon' })).rejects.toThrow('charset is not known');
});

test('the field with the file name takes the place of a column of that name', async () => {
  expect((await parse('_filename,b\nx,1\n', { addFilename: true })).records).toEqual([{ b: '1', _filename: 'a.csv' }]);
});

test('a header row may be absent', async () => {
  expect((await parse('1,2\n', { readHeader: false })).records).toEqual([{ column_1: '1', column_2: '2' }]);
});
