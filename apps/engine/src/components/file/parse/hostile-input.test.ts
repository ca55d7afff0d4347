import { describe, expect, test } from 'vitest';
import type { Component, DataRecord, FlowFile, StepContext } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import formatDsv from '../format/dsv.ts';
import formatJson from '../format/json.ts';
import dsv from './dsv.ts';
import json from './json.ts';

const parse = (component: Component, content: string | Uint8Array, params = {}) =>
  runComponent(component, { params, files: { 'a.txt': content } });
const parseDsv = (content: string | Uint8Array, params = {}) => parse(dsv, content, { columnSeparator: ',', ...params });

/** A file that is made as it is read, so that the test itself holds none of it. */
const madeFile = (name: string, pieces: () => Iterable<string>): FlowFile => ({
  name,
  read: async function* () {
    for (const piece of pieces()) yield Buffer.from(piece);
  },
});

const megabyte = 'x'.repeat(1024 * 1024);
function* largeField(before: string, after: string): Generator<string> {
  yield before;
  for (let i = 0; i < 100; i++) yield megabyte;
  yield after;
}

describe('a field of 100 MB', () => {
  test('in a delimited file goes to the error path, shortened, and the other rows go on', async () => {
    const rejected: DataRecord[] = [];
    const context = fakeContext({
      rejected,
      params: { columnSeparator: ',', fileCharset: 'UTF-8', quoteCharacter: '"', escapeCharacter: '"', readHeader: true },
    });
    const records: DataRecord[] = [];
    const file = madeFile('a.csv', () => largeField('a,b\n1,2\n3,', '\n5,6\n'));
    for await (const batch of dsv.parse(file, context as unknown as StepContext<never>)) records.push(...batch.records);
    expect(records).toEqual([
      { a: '1', b: '2' },
      { a: '5', b: '6' },
    ]);
    expect(rejected).toMatchObject([{ _line: 3, _errorDetails: { errorMessage: expect.stringContaining('it is longer than 16 MB') } }]);
    expect(String(rejected[0]?._raw)).toHaveLength(10_000);
  });

  test('in JSON fails the job with line and size', async () => {
    const context = fakeContext({ params: { fileCharset: 'UTF-8' } });
    const file = madeFile('a.json', () => largeField('[{"a":1},\n{"a":"', '"}]'));
    const reading = async () => {
      for await (const _ of json.parse(file, context as unknown as StepContext<never>));
    };
    await expect(reading()).rejects.toThrow('a.json cannot be read from line 2 on: the element there is longer than 64 MB');
  });

  test('on the way out is written whole', async () => {
    const long = megabyte.repeat(100);
    const { files } = await runComponent(formatDsv, {
      params: { fileName: 'a.csv', columnSeparator: ',', maxFileSize: 1 },
      records: [{ a: long }, { a: 'b' }],
    });
    expect(files.map(({ bytes }) => bytes.length)).toEqual([long.length + 3, 4]);
  });
});

test('a million columns are read', async () => {
  const count = 1_000_000;
  const header = Array.from({ length: count }, (_, i) => `c${i}`).join();
  const { records, errors } = await parseDsv(`${header}\n${'1,'.repeat(count - 1)}1\n1,2\n`);
  expect(errors).toHaveLength(1);
  expect(records).toHaveLength(1);
  expect(Object.keys(records[0] ?? {})).toHaveLength(count);
});

describe('JSON', () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}${']}'.repeat(depth / 2)}`;

  test('nested deeper than 1,000 levels goes to the error path; less passes, and can be written again', async () => {
    const { records, errors } = await parse(json, `[${nested(1000)},${nested(1002)},${nested(3_000_000)},{"b":"${'['.repeat(5000)}"}]`);
    expect(records).toHaveLength(2);
    expect(errors.map(({ _errorDetails }) => (_errorDetails as DataRecord).errorMessage)).toEqual(
      Array<string>(2).fill('A JSON element of a.txt cannot be read: it is nested deeper than 1000 levels.'),
    );
    const written = await runComponent(formatJson, { params: { fileName: 'a.json' }, records });
    expect(JSON.parse(written.files[0]?.text ?? '')).toEqual(records);
  });

  test('that only opens never ends the process', async () => {
    await expect(parse(json, '['.repeat(5_000_000))).rejects.toThrow('a.txt cannot be read from line 1 on');
    await expect(parse(json, '{"a":'.repeat(1_000_000))).rejects.toThrow('a.txt cannot be read from line 1 on');
  });

  test('keys such as __proto__ and constructor stay fields', async () => {
    const text = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"toString":1}';
    const { records } = await parse(json, text);
    expect(JSON.stringify(records[0])).toBe(text);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('halves of surrogate pairs pass as escapes, and are written as such', async () => {
    const text = '{"a":"\\ud83d","b":"x\\udc69y"}';
    const { records } = await parse(json, text);
    expect(records).toEqual([{ a: '\uD83D', b: 'x\uDC69y' }]);
    expect((await runComponent(formatJson, { params: { fileName: 'a.json', layout: 'lines' }, records })).files[0]?.text).toBe(`${text}\n`);
  });

  test('halves of surrogate pairs as bytes are no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('[{"a":"'), Buffer.from([0xed, 0xa0, 0xbd]), Buffer.from('"},{"a":"b"}]')]);
    const { records, errors } = await parse(json, bytes);
    expect(records).toEqual([{ a: 'b' }]);
    expect(errors).toMatchObject([{ _errorDetails: { errorMessage: expect.stringContaining('not UTF-8') } }]);
  });
});

describe('delimited text', () => {
  test('line ends may be mixed, also inside quotes', async () => {
    const { records, errors } = await parseDsv('a,b\r1,2\r\n3,4\n\r\n"5\r\n6","7\r8\n9"\r');
    expect(errors).toEqual([]);
    expect(records).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
      { a: '5\r\n6', b: '7\r8\n9' },
    ]);
  });

  test('columns called __proto__ and constructor stay fields', async () => {
    const { records } = await parseDsv('__proto__,constructor,a\nx,y,z\n');
    expect(JSON.stringify(records)).toBe('[{"__proto__":"x","constructor":"y","a":"z"}]');
    const { files } = await runComponent(formatDsv, { params: { fileName: 'a.csv', columnSeparator: ',' }, records });
    expect(files[0]?.text).toBe('__proto__,constructor,a\nx,y,z\n');
  });

  test('halves of surrogate pairs fail their row as bytes, and become U+FFFD on the way out', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xed, 0xa0, 0xbd]), Buffer.from('\n3,4\n')]);
    const { records, errors } = await parseDsv(bytes);
    expect(records).toEqual([{ a: '3', b: '4' }]);
    expect(errors).toHaveLength(1);
    const { files } = await runComponent(formatDsv, { params: { fileName: 'a.csv', columnSeparator: ',' }, records: [{ a: '\uD83D' }] });
    expect(files[0]?.text).toBe('a\n\uFFFD\n');
  });

  test('zero bytes, a quote that never closes and a file of quotes', async () => {
    expect((await parseDsv('a,b\n\u0000,\u0000\u0000\n')).records).toEqual([{ a: '\u0000', b: '\u0000\u0000' }]);
    const { records, errors } = await parseDsv(`a,b\n"1,2\n${'3,4\n'.repeat(1000)}`);
    expect(records).toHaveLength(1000);
    expect(errors).toHaveLength(1);
    const quotes = await parseDsv(`a\n${'"'.repeat(1_000_001)}\nx\n`);
    expect(quotes.records.at(-1)).toEqual({ a: 'x' });
  });
});
