import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import uncompress from '../uncompress/lzo.ts';
import component from './lzo.ts';

const content = 'UID,email\n'.repeat(60_000);

test('the index follows the file it belongs to, and uncompressing passes it over', async () => {
  const { files } = await runComponent(component, { params: { createIndexFile: 'true' }, files: { 'a.csv': content } });
  expect(files.map(({ name }) => name)).toEqual(['a.csv.lzo', 'a.csv.lzo.index']);
  expect(files[1]?.bytes.length).toBe(8 * Math.ceil(content.length / 262_144));
  const back = await runComponent(uncompress, { files: Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])) });
  expect(back.files).toMatchObject([{ name: 'a.csv', text: content }]);
  expect(back.log).toMatchObject([{ level: 'info' }]);
});

test('without the parameter there is no index', async () => {
  expect((await runComponent(component, { files: { 'a.csv': content } })).files.map(({ name }) => name)).toEqual(['a.csv.lzo']);
});

test('an empty file becomes a valid file and an empty index', async () => {
  const { files } = await runComponent(component, { params: { createIndexFile: true }, files: { a: '' } });
  expect(files.map(({ bytes }) => bytes.length > 0)).toEqual([true, false]);
  expect((await runComponent(uncompress, { files: { 'a.lzo': files[0]?.bytes ?? '' } })).files).toMatchObject([{ name: 'a', text: '' }]);
});
