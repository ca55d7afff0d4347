import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import component from './dsv.ts';

const format = (records: Record<string, string>[], params = {}, batchSize = 256) =>
  runComponent(component, { params: { fileName: 'a.csv', columnSeparator: ',', ...params }, records, batchSize });

test('placeholders of the file name are filled in', async () => {
  const { files } = await format([{ a: '1' }], { fileName: 'x_$\u007bnow:yyyyMMdd}_$\u007bjobId}.csv' });
  expect(files[0]?.name).toBe('x_20240229_0123456789abcdef0123456789abcdef.csv');
});

test('without records there is no file, unless an empty one is asked for', async () => {
  expect((await format([])).files).toEqual([]);
  expect((await format([], { createEmptyFile: true })).files).toMatchObject([{ name: 'a.csv', text: '' }]);
  expect((await format([], { createEmptyFile: true, columns: ['a', 'b'] })).files).toMatchObject([{ text: 'a,b\n' }]);
});

test('a field without a column is logged once', async () => {
  const { files, log } = await format([{ a: '1' }, { a: '2', b: 'x' }, { b: 'y' }], {}, 1);
  expect(files[0]?.text).toBe('a\n1\n2\n""\n');
  expect(log).toHaveLength(1);
  expect(log[0]).toMatchObject({ level: 'warn' });
});

test('the size counts in megabytes', async () => {
  const records = Array.from({ length: 3 }, () => ({ a: 'x'.repeat(500_000) }));
  expect((await format(records, { maxFileSize: 1 })).files.map(({ name }) => name)).toEqual(['a.csv', 'a_1.csv']);
});

test('the line end may be written as people write it', async () => {
  expect((await format([{ a: '1' }], { lineEnd: '\\r\\n' })).files[0]?.text).toBe('a\r\n1\r\n');
  await expect(format([], { lineEnd: 'x' })).rejects.toThrow();
});

test('a name with a folder or an unknown placeholder is refused', async () => {
  await expect(format([], { fileName: 'out/a.csv' })).rejects.toThrow('A file name has no folders');
  await expect(format([], { fileName: 'a_$\u007bnwo}.csv' })).rejects.toThrow('nwo');
});

test('formulas are escaped when asked, numbers and other texts are not', async () => {
  const records = [{ a: '=1+1', b: '+49 30', c: '-5', d: '@x', e: 'a=b', f: '\t=1' }];
  expect((await format(records)).files[0]?.text).toBe('a,b,c,d,e,f\n=1+1,+49 30,-5,@x,a=b,\t=1\n');
  expect((await format(records, { escapeFormulas: true })).files[0]?.text).toBe("a,b,c,d,e,f\n'=1+1,'+49 30,-5,'@x,a=b,'\t=1\n");
  expect((await format([{ '=cmd()': 'x' }], { escapeFormulas: true })).files[0]?.text).toBe("'=cmd()\nx\n");
});

test('another charset, with a mark when asked; what it lacks is told', async () => {
  const latin = await format([{ a: 'Köln', b: '€' }], { fileCharset: 'ISO-8859-1' });
  expect(Buffer.from(latin.files[0]?.bytes ?? '').toString('latin1')).toBe('a,b\nKöln,?\n');
  expect(latin.log).toMatchObject([{ level: 'warn', message: 'ISO-8859-1 has no €: such characters were written as ?.' }]);
  expect((await format([{ a: 'é' }], { byteOrderMark: true })).files[0]?.text).toBe('\uFEFFa\né\n');
  const wide = await format([{ a: 'é' }], { fileCharset: 'UTF-16' });
  expect(Buffer.from(wide.files[0]?.bytes ?? '').toString('utf16le')).toBe('\uFEFFa\né\n');
  await expect(format([], { fileCharset: 'klingon' })).rejects.toThrow('charset is not known');
});

test('other quotes, and a name that no other run has', async () => {
  const { files } = await format([{ a: "it's" }], { quoteCharacter: "'", quoteFields: true, addUniqueSuffix: true });
  expect(files).toMatchObject([{ name: 'a_0123456789abcdef0123456789abcdef.csv', text: "'a'\n'it''s'\n" }]);
});
