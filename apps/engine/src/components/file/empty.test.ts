import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import component from './empty.ts';
import count from './format/count.ts';

const params = { fileName: 'done_$\u007bnow:yyyyMMdd}.txt' };

test.each([0, 1, 5000])('of %i records there is one empty file and one with their number', async (size) => {
  const records = Array.from({ length: size }, (_, i) => ({ i }));
  expect((await runComponent(component, { params, records })).files).toMatchObject([{ name: 'done_20240229.txt', text: '' }]);
  expect((await runComponent(count, { params, records })).files).toMatchObject([{ name: 'done_20240229.txt', text: String(size) }]);
});

test('a missing name is told', async () => {
  await expect(runComponent(component, { params: {} })).rejects.toThrow('File name is not set.');
  await expect(runComponent(count, { params: { fileName: 'a/b' } })).rejects.toThrow('A file name has no folders');
});
