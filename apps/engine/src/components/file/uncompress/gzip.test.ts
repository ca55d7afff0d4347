import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import compress from '../compress/gzip.ts';
import component from './gzip.ts';

test('a compressed file comes back as it was, under its old name', async () => {
  const packed = await runComponent(compress, { params: { level: 9 }, files: { 'a.csv': 'UID\n1\n' } });
  expect(packed.files.map(({ name }) => name)).toEqual(['a.csv.gz']);
  const files = Object.fromEntries(packed.files.map(({ name, bytes }) => [name, bytes]));
  expect((await runComponent(component, { files })).files).toMatchObject([{ name: 'a.csv', text: 'UID\n1\n' }]);
});

test.each([
  ['a.csv.GZ', 'a.csv'],
  ['a.tgz', 'a.tar'],
  ['a.gzip', 'a'],
  ['plain', 'plain'],
  ['.gz', '.gz'],
])('%s becomes %s', async (name, plain) => {
  expect((await runComponent(component, { files: { [name]: gzipSync('x') } })).files).toMatchObject([{ name: plain, text: 'x' }]);
});

test('a file that is no gzip file fails by name', async () => {
  await expect(runComponent(component, { files: { 'a.gz': 'UID\n' } })).rejects.toThrow('a.gz is no gzip file');
});
