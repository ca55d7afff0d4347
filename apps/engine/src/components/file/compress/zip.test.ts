import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import uncompress from '../uncompress/zip.ts';
import component from './zip.ts';

test.each([undefined, 'secret'])('a compressed file comes back as it was, under its old name, with the password %s', async (password) => {
  const packed = await runComponent(component, { params: { password: password ?? '' }, files: { 'a.csv': 'UID\n1\n' } });
  expect(packed.files.map(({ name }) => name)).toEqual(['a.csv.zip']);
  const files = Object.fromEntries(packed.files.map(({ name, bytes }) => [name, bytes]));
  const back = await runComponent(uncompress, { params: { password: password ?? '' }, files });
  expect(back.files).toMatchObject([{ name: 'a.csv', text: 'UID\n1\n' }]);
  if (password) await expect(runComponent(uncompress, { files })).rejects.toThrow('Set password.');
});

test('the same file gives the same archive, so that a repeated upload changes nothing', async () => {
  const once = await runComponent(component, { files: { a: 'x' } });
  const again = await runComponent(component, { files: { a: 'x' } });
  expect(Buffer.from(once.files[0]?.bytes ?? '').equals(again.files[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
});
