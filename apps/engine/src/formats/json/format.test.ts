import { expect, test } from 'vitest';
import { Batch, type DataRecord } from '#dataflow';
import { formatParts, partName } from '../parts.ts';
import { JsonEncoder, type JsonFormatOptions } from './format.ts';

async function write(batches: DataRecord[][], options: JsonFormatOptions, { maxBytes = 1e9, createEmptyFile = false } = {}) {
  async function* source() {
    for (const records of batches) yield Batch.of(records);
  }
  const files: Record<string, string> = {};
  for await (const file of formatParts(source(), new JsonEncoder(options), {
    nameOf: (part) => partName('a.b.json', part),
    maxBytes,
    createEmptyFile,
  })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read()) chunks.push(chunk);
    files[file.name] = Buffer.concat(chunks).toString();
  }
  return files;
}

const batches = [[{ a: 1 }, { a: 'é"\n' }], [], [{ a: null, b: [{}] }]];

test('all batches become one list', async () => {
  const text = (await write(batches, { layout: 'array' }))['a.b.json'] ?? '';
  expect(JSON.parse(text)).toEqual(batches.flat());
});

test('the list stands in an object when asked', async () => {
  const text = (await write(batches, { layout: 'array', wrapField: 'x"y' }))['a.b.json'] ?? '';
  expect(JSON.parse(text)).toEqual({ 'x"y': batches.flat() });
});

test('lines are one record each', async () => {
  const text = (await write(batches, { layout: 'lines' }))['a.b.json'] ?? '';
  expect(text.endsWith('\n')).toBe(true);
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(batches.flat());
});

test('each part is a complete list within the size', async () => {
  const records = Array.from({ length: 40 }, (_, i) => ({ i, text: 'é'.repeat(i % 9) }));
  const files = await write([records.slice(0, 25), records.slice(25)], { layout: 'array', wrapField: 'r' }, { maxBytes: 150 });
  expect(Object.keys(files).slice(0, 2)).toEqual(['a.b.json', 'a.b_1.json']);
  for (const text of Object.values(files)) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(150);
  expect(Object.values(files).flatMap((text) => JSON.parse(text).r)).toEqual(records);
});

test('without records there is no file, or an empty list when asked', async () => {
  expect(await write([[]], { layout: 'array' })).toEqual({});
  expect(JSON.parse((await write([], { layout: 'array' }, { createEmptyFile: true }))['a.b.json'] ?? '')).toEqual([]);
  expect(await write([], { layout: 'lines' }, { createEmptyFile: true })).toEqual({ 'a.b.json': '' });
});
