import { expect, test } from 'vitest';
import { runComponent } from '#testing';
import component from './krux.ts';

const format = (records: Record<string, never>[] | object[], params = {}) =>
  runComponent(component, { params: { fileName: 'k.csv', ...params }, records: records as never });

test('separators inside ids, names and values do no harm', async () => {
  const { files } = await format([{ id: ' a^b\n', 'g;x:y': 'one^two;three:four,five\nsix', g_none: ' ;, ' }]);
  expect(files[0]?.text).toBe('ab^g_x_y:one two three four five six\n');
});

test('objects, lists and values of other types', async () => {
  const { files } = await format([
    { id: 7, g_address: { city: 'Bath', geo: { lat: 51.3 } }, g_yes: true, likes: ['a', { name: 'b' }, { id: 1 }, null, 3] },
  ]);
  expect(files[0]?.text).toBe('7^g_address.city:Bath;g_address.geo.lat:51.3;g_yes:true;likes:a,b,3\n');
});

test('long values are cut and told once for each attribute', async () => {
  const { files, log } = await format([
    { id: 1, g_a: 'x'.repeat(300) },
    { id: 2, g_a: 'y'.repeat(300), g_b: 'z'.repeat(254) },
  ]);
  expect(files[0]?.text.split('\n')[0]).toBe(`1^g_a:${'x'.repeat(254)}`);
  expect(log).toHaveLength(1);
});

test('records without id fail alone, and the id may stand elsewhere', async () => {
  const { files, errors } = await format([{ UID: '1' }, { id: '', g: 1 }, { id: {}, g: 1 }, { id: 'x' }]);
  expect(files[0]?.text).toBe('x^\n');
  expect(errors).toHaveLength(3);
  expect((await format([{ data: { k: 'x' }, g: 1 }], { idField: 'data.k' })).files[0]?.text).toBe('x^data.k:x;g:1\n');
});

test('an empty file when asked, a unique name when asked', async () => {
  expect((await format([])).files).toEqual([]);
  expect((await format([], { createEmptyFile: 'true', addUniqueSuffix: true })).files).toMatchObject([
    { name: 'k_0123456789abcdef0123456789abcdef.csv', text: '' },
  ]);
});
