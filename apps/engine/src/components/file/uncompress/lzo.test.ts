import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import compress from '../compress/lzo.ts';
import component from './lzo.ts';

const packed = async () => (await runComponent(compress, { files: { a: 'x' } })).files[0]?.bytes ?? '';

test.each([
  ['a.csv.LZO', 'a.csv'],
  ['a.tzo', 'a.tar'],
  ['plain', 'plain'],
  ['.lzo', '.lzo'],
])('%s becomes %s', async (name, plain) => {
  expect((await runComponent(component, { files: { [name]: await packed() } })).files).toMatchObject([{ name: plain, text: 'x' }]);
});

test('a file that is no LZO file fails by name', async () => {
  await expect(runComponent(component, { files: { 'a.lzo': 'UID\n' } })).rejects.toThrow('a.lzo is no LZO file');
});

test('a limit out of range is refused', async () => {
  await expect(runComponent(component, { params: { maxExpansion: 1 }, files: {} })).rejects.toThrow('Largest expansion is too small.');
});
