import { parse as oracle } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { Batch, type DataRecord, type RowColumn } from '#dataflow';
import { formatParts, partName } from '../parts.ts';
import { DsvEncoder, type DsvFormatOptions } from './format.ts';
import { parseDsv } from './parse.ts';

const rfc = { separator: ',', quote: '"', escapeWith: '"' };

async function* one<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

interface Written {
  files: Record<string, string>;
  unknown: string[];
}

async function write(batches: AsyncIterable<Batch>, options: Partial<DsvFormatOptions> = {}, maxBytes = 1e9): Promise<Written> {
  const unknown: string[] = [];
  const encoder = new DsvEncoder({
    dialect: rfc,
    quoteFields: false,
    header: true,
    lineEnd: '\n',
    onUnknownField: (name) => unknown.push(name),
    ...options,
  });
  const files: Record<string, string> = {};
  for await (const file of formatParts(batches, encoder, { nameOf: (part) => partName('a.csv', part), maxBytes, createEmptyFile: false })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read()) chunks.push(chunk);
    files[file.name] = Buffer.concat(chunks).toString();
  }
  return { files, unknown };
}

const text = async (records: DataRecord[], options: Partial<DsvFormatOptions> = {}) =>
  (await write(one(Batch.of(records)), options)).files['a.csv'];

async function* rowsOf(csv: string, change: (columns: readonly RowColumn[]) => readonly RowColumn[], dialect = rfc): AsyncGenerator<Batch> {
  const options = {
    dialect,
    header: true,
    inferTypes: false,
    fileName: 'x.csv',
    onMalformed: (row: unknown) => expect(row).toBeUndefined(),
  };
  for await (const rows of parseDsv(one(Buffer.from(csv)), options)) yield Batch.ofRows(rows.withColumns(change(rows.columns)));
}

/** What the same change gives when the rows become records on the way. */
async function* decoded(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) yield Batch.of(batch.records);
}

test('values are written as text; nothing as an empty cell, objects and lists as JSON', async () => {
  expect(await text([{ a: 'x', b: 1.5, c: true, d: null, e: { f: 'g,"h"' }, i: [1, 2] }, { a: '' }])).toBe(
    'a,b,c,d,e,i\nx,1.5,true,,"{""f"":""g,\\""h\\""""}","[1,2]"\n,,,,,\n',
  );
});

test('cells with separators, quotes and line ends are quoted, and csv-parse reads them back', async () => {
  const cells = ['a,b', '"', 'say "hi"', 'x\ny', 'x\r', ' spaced ', "it's", '$&', '\\', '', 'é李😀'];
  const written = await text(cells.map((cell) => ({ one: cell, two: cell })));
  expect(oracle(written ?? '', { columns: true })).toEqual(cells.map((cell) => ({ one: cell, two: cell })));
});

test('names are quoted like cells', async () => {
  expect(await text([{ 'a,b': '1', 'c"d': '2' }])).toBe('"a,b","c""d"\n1,2\n');
});

test('all cells are quoted when asked, with the line end and separator asked for', async () => {
  const options = { quoteFields: true, lineEnd: '\r\n', dialect: { ...rfc, separator: '||' } };
  expect(await text([{ a: 'x', b: null }], options)).toBe('"a"||"b"\r\n"x"||""\r\n');
});

test('the escape character stands before quotes and before itself inside quotes', async () => {
  const options = { dialect: { ...rfc, escapeWith: '\\' } };
  expect(await text([{ a: 'say "hi"', b: '\\', c: '\\,' }], options)).toBe('a,b,c\n"say \\"hi\\"",\\,"\\\\,"\n');
});

test('a row of one empty cell is no blank line, for records and for rows', async () => {
  expect(await text([{ a: '' }, { a: null }])).toBe('a\n""\n""\n');
  expect((await write(rowsOf('a\n""\nx\n', (columns) => columns))).files['a.csv']).toBe('a\n""\nx\n');
});

test('a field that shows up after the first batch has no column and is told once', async () => {
  const { files, unknown } = await write(one(Batch.of([{ a: 1 }, { b: 2 }]), Batch.of([{ a: 3, c: 4 }, { c: 5 }])));
  expect(files['a.csv']).toBe('a,b\n1,\n,2\n3,\n,\n');
  expect(unknown).toEqual(['c']);
});

test('given columns decide what is written, in their order', async () => {
  const { files, unknown } = await write(one(Batch.of([{ a: 1, b: 2, c: 3 }])), { columns: ['c', 'x', 'a'] });
  expect(files['a.csv']).toBe('c,x,a\n3,,1\n');
  expect(unknown).toEqual([]);
});

const source = [
  'UID,first,last,age,city',
  '1,Ann,"Smith, Jr.",42,"Paris\nFrance"',
  '2,"Needless",O"Neil,,"say ""hi"""',
  '3,é,"",7,李',
  `4,${'long '.repeat(60)},x,y,"${'q,'.repeat(200)}"`,
  '5,,,,',
  '6,a,b,c,d',
].join('\r\n');

const changes: Record<string, (columns: readonly RowColumn[]) => readonly RowColumn[]> = {
  'left alone': (columns) => columns,
  renamed: (columns) => columns.map((column) => ({ ...column, name: `new.${column.name}` })),
  removed: (columns) => columns.filter(({ name }) => name !== 'last' && name !== 'age'),
  'put in another order': (columns) => columns.toReversed(),
  doubled: (columns) => [...columns, ...columns.map((column) => ({ ...column, name: `${column.name}2` }))],
  'given constants': (columns) => [
    { name: 'n', constant: 1 },
    ...columns,
    { name: 's', constant: 'a,b' },
    { name: 'o', constant: { x: [null] } },
    { name: 'z', constant: null },
  ],
  computed: (columns) => [
    ...columns.slice(0, 2),
    { name: 'full', from: columns, compute: (row) => `${row.get('first')}, ${row.get('last')}` },
    { name: 'some', from: columns, compute: (row) => (row.get('age') === '7' ? row.get('absent') : row.get('age')) },
    ...columns.slice(3),
  ],
};

const dialects = {
  'the same dialect': { dialect: rfc },
  'all quoted': { dialect: rfc, quoteFields: true },
  semicolons: { dialect: { ...rfc, separator: ';' } },
  'backslash escapes': { dialect: { ...rfc, escapeWith: '\\' } },
  'CRLF line ends': { dialect: rfc, lineEnd: '\r\n' },
};

for (const [change, columns] of Object.entries(changes))
  for (const [name, options] of Object.entries(dialects))
    test(`rows ${change} are written as the same records would be: ${name}`, async () => {
      const copied = await write(rowsOf(source, columns), options);
      expect(copied).toEqual(await write(decoded(rowsOf(source, columns)), options));
      expect(copied.files['a.csv']?.length).toBeGreaterThan(source.length / 2);
    });

test('rows of another dialect keep their values', async () => {
  const { files } = await write(rowsOf('a;b\n"1\\"2";3,4\n', (columns) => columns, { ...rfc, separator: ';', escapeWith: '\\' }));
  expect(files['a.csv']).toBe('a,b\n"1""2","3,4"\n');
});

test('rows whose columns come in another order than the first file’s go under the right names', async () => {
  async function* both() {
    yield* rowsOf('a,b\n1,2\n', (columns) => columns);
    yield* rowsOf('b,c,a\n3,4,5\n', (columns) => columns);
  }
  const { files, unknown } = await write(both());
  expect(files['a.csv']).toBe('a,b\n1,2\n5,3\n');
  expect(unknown).toEqual(['c']);
});

test('a slice of rows holds those rows only', async () => {
  for await (const batch of rowsOf('a,b\n1,é\n"2,",3\n4,5\n', (columns) => columns)) {
    expect(batch.slice(1, 3).records).toEqual([
      { a: '2,', b: '3' },
      { a: '4', b: '5' },
    ]);
    const { files } = await write(one(batch.slice(1, 2)));
    expect(files['a.csv']).toBe('a,b\n"2,",3\n');
  }
});

test('a file that would grow past its size is closed between two rows, and each part has the header', async () => {
  const records = Array.from({ length: 100 }, (_, i) => ({ id: String(i).padStart(4, '0'), city: 'é,' }));
  const { files } = await write(one(Batch.of(records.slice(0, 60)), Batch.of(records.slice(60))), {}, 200);
  const names = Object.keys(files);
  expect(names.slice(0, 3)).toEqual(['a.csv', 'a_1.csv', 'a_2.csv']);
  for (const content of Object.values(files)) {
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(200);
    expect(content.startsWith('id,city\n')).toBe(true);
  }
  expect(Object.values(files).flatMap((content) => oracle(content, { columns: true }))).toEqual(records);
});

test('a record larger than a file may be has a file of its own', async () => {
  const { files } = await write(one(Batch.of([{ a: '1' }, { a: 'x'.repeat(50) }, { a: '2' }])), {}, 20);
  expect(files).toEqual({ 'a.csv': 'a\n1\n', 'a_1.csv': `a\n${'x'.repeat(50)}\n`, 'a_2.csv': 'a\n2\n' });
});

test('a cell that would meet a longer separator too early stands in quotes', async () => {
  const { files } = await write(one(Batch.of([{ 'a:': ':', b: 'x:', c: ':' }])), {
    dialect: { separator: '::', quote: '"', escapeWith: '"' },
  });
  expect(files['a.csv']).toBe('"a:"::b::c\n":"::"x:"::":"\n');
});
