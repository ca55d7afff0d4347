import { expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { type JsonParseOptions, type MalformedElement, parseJson } from './parse.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const whole = 1_000_000;
const sizes = [whole, 1, 3, 17];

async function read(text: string | Buffer, options: Partial<JsonParseOptions> = {}, chunk = whole) {
  const records: DataRecord[] = [];
  const malformed: MalformedElement[] = [];
  const settings = { fileName: 'a.json', gatherBytes: 1, onMalformed: (element: MalformedElement) => malformed.push(element), ...options };
  for await (const batch of parseJson(inChunks(Buffer.from(text), chunk), settings)) records.push(...batch.records);
  return { records, malformed };
}

const accounts: DataRecord[] = [
  { UID: '1', profile: { name: 'O"Neil, \\ {[', tags: ['a]', '}b'], age: 42 } },
  { UID: '2', empty: {}, none: null, list: [[], [{}]], ключ: 'é李😀' },
  { UID: '3', text: 'line\nend\\' },
];
const lines = accounts.map((account) => JSON.stringify(account));

const readable: Record<string, string> = {
  'a list': JSON.stringify(accounts),
  'an indented list': JSON.stringify(accounts, null, 2),
  'an indented list with CRLF and a BOM': `\uFEFF\r\n${JSON.stringify(accounts, null, '\t').replaceAll('\n', '\r\n')}\r\n`,
  'objects on a line each': lines.join('\n'),
  'objects on a line each, with a final line end, blank lines and CRLF': `${lines.join('\r\n\r\n')}\r\n`,
  'objects on a line each after a BOM': `\uFEFF${lines.join('\n')}\n`,
  'indented objects one after the other': accounts.map((account) => JSON.stringify(account, null, 2)).join('\n'),
  'objects one after the other on one line': lines.join(''),
  'objects with commas between but no list': lines.join(',\n'),
  'a list with commas missing and doubled': `[${lines[0]} ${lines[1]},,${lines[2]},]`,
};

for (const [name, text] of Object.entries(readable))
  test.each(sizes)(`reads ${name} in chunks of %i`, async (chunk) => {
    expect(await read(text, {}, chunk)).toEqual({ records: accounts, malformed: [] });
  });

test.each(sizes)('one object is one record, indented or not, in chunks of %i', async (chunk) => {
  expect((await read(JSON.stringify(accounts[0]), {}, chunk)).records).toEqual([accounts[0]]);
  expect((await read(JSON.stringify(accounts[0], null, 2), {}, chunk)).records).toEqual([accounts[0]]);
});

test.each(sizes)('the list in wrapField is read and all else passed over, in chunks of %i', async (chunk) => {
  const text = JSON.stringify({ total: 3, note: { results: [1] }, results: accounts, next: ['x'], end: '}' });
  expect(await read(text, { wrapField: 'results' }, chunk)).toEqual({ records: accounts, malformed: [] });
});

test('empty files have no records', async () => {
  for (const text of ['', ' \n', '\uFEFF', '[]', ' [ ] ', '[\n\n]\n']) expect(await read(text)).toEqual({ records: [], malformed: [] });
});

test.each(sizes)('an element that is not JSON or no object fails alone, in chunks of %i', async (chunk) => {
  const { records, malformed } = await read('[{"a":1},\n{"a":},\n[1],\n"x", 7,\nnull, {"a":2}]', {}, chunk);
  expect(records).toEqual([{ a: 1 }, { a: 2 }]);
  expect(malformed).toEqual([
    { line: 2, raw: '{"a":}', problem: 'it is not valid JSON' },
    { line: 3, raw: '[1]', problem: 'it is a list, not an object' },
    { line: 4, raw: '"x"', problem: 'it is the value "x", not an object' },
    { line: 4, raw: '7', problem: 'it is the value 7, not an object' },
    { line: 5, raw: 'null', problem: 'it is the value null, not an object' },
  ]);
});

test.each(sizes)('a broken line costs that line only, also when it is the first, in chunks of %i', async (chunk) => {
  const late = await read('{"a":1}\n{"a":2\n{"a":3}\n', {}, chunk);
  expect(late).toEqual({ records: [{ a: 1 }, { a: 3 }], malformed: [{ line: 2, raw: '{"a":2', problem: 'it is not valid JSON' }] });
  const first = await read('{"a":1\n{"a":2}\n{"a":3}\n', {}, chunk);
  expect(first).toEqual({ records: [{ a: 2 }, { a: 3 }], malformed: [{ line: 1, raw: '{"a":1', problem: 'it is not valid JSON' }] });
});

test.each(sizes)('an element with bytes that are not UTF-8 fails alone, in chunks of %i', async (chunk) => {
  const text = Buffer.concat([Buffer.from('[{"a":"'), Buffer.from([0xe9]), Buffer.from('"},{"a":"é"}]')]);
  const { records, malformed } = await read(text, {}, chunk);
  expect(records).toEqual([{ a: 'é' }]);
  expect(malformed).toEqual([{ line: 1, raw: '{"a":"\uFFFD"}', problem: 'it has bytes that are not UTF-8' }]);
});

test('a file that is cut off fails after its complete elements, with the line', async () => {
  const records: DataRecord[] = [];
  const reading = async () => {
    const options = { fileName: 'a.json', onMalformed: () => undefined };
    for await (const batch of parseJson(inChunks(Buffer.from('[{"a":1},\n{"a":2},\n{"a"'), whole), options)) records.push(...batch.records);
  };
  await expect(reading()).rejects.toThrow('a.json cannot be read from line 3 on: the text ends before the list is closed');
  expect(records).toEqual([{ a: 1 }, { a: 2 }]);
});

test('text behind the list, a missing wrapField and a cut object fail clearly', async () => {
  await expect(read('[{"a":1}]\n[{"a":2}]')).rejects.toThrow('from line 2 on: other text follows the end of the list');
  await expect(read('{"a":[1]}', { wrapField: 'b' })).rejects.toThrow('there is no list in the field b');
  await expect(read('{"b":1}', { wrapField: 'b' })).rejects.toThrow('the field b holds no list');
  await expect(read('{\n  "a": 1,\n')).rejects.toThrow('the text ends inside the element');
});

test('a field called __proto__ stays a field', async () => {
  const [record] = (await read('[{"__proto__": {"admin": true}}]')).records;
  expect(Object.keys(record ?? {})).toEqual(['__proto__']);
  expect((record as { admin?: boolean }).admin).toBeUndefined();
});

test('thousands of records come in batches, in order', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => ({ i, text: 'x'.repeat(i % 50) }));
  expect((await read(JSON.stringify(many), { gatherBytes: 1000 }, 999)).records).toEqual(many);
});
