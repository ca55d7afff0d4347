import { parse as oracle } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { type DsvParseOptions, type MalformedRow, parseDsv } from './parse.ts';

const rfc = { separator: ',', quote: '"', escapeWith: '"' };
const whole = 1_000_000;

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Read {
  records: DataRecord[];
  malformed: MalformedRow[];
  notes: string[];
}

async function read(text: string | Buffer, options: Partial<DsvParseOptions> = {}, chunk = whole): Promise<Read> {
  const result: Read = { records: [], malformed: [], notes: [] };
  const rows = parseDsv(inChunks(Buffer.from(text), chunk), {
    dialect: rfc,
    header: true,
    inferTypes: false,
    fileName: 'a.csv',
    onMalformed: (row) => result.malformed.push(row),
    onNote: (note) => result.notes.push(note),
    gatherBytes: 1,
    ...options,
  });
  for await (const batch of rows) result.records.push(...batch.toRecords());
  return result;
}

/** The rows as arrays, by csv-parse. */
function expected(text: string, dialect = rfc): string[][] {
  return oracle(text, {
    bom: true,
    delimiter: dialect.separator,
    quote: dialect.quote,
    escape: dialect.escapeWith,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_quotes: false,
  });
}

const asRecords = ([header = [], ...rows]: string[][]): DataRecord[] =>
  rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));

const corners: Record<string, string> = {
  plain: 'a,b\n1,2\n',
  'no final newline': 'a,b\n1,2',
  'CRLF line ends': 'a,b\r\n1,2\r\n3,4\r\n',
  'CR line ends': 'a,b\r1,2\r3,4\r',
  'mixed line ends': 'a,b\r\n1,2\n3,4\r5,6',
  'a BOM': '\uFEFFa,b\n1,2\n',
  'a BOM and a quoted header': '\uFEFF"a","b"\n1,2\n',
  'a header only': 'a,b\n',
  'a header without line end': 'a,b',
  'blank lines': '\n\na,b\n\n1,2\n\r\n\r\n3,4\n\n',
  'quoted separators': 'a,b\n"1,1",2\n1,"2,2"\n',
  'quoted line ends': 'a,b\n"1\n1",2\n1,"2\r\n2"\n"\r","\n"\n',
  'doubled quotes': 'a,b\n"say ""hi""",2\n"""",""""""\n',
  'empty cells': 'a,b,c\n,,\n1,,\n,,3\n',
  'empty quoted cells': 'a,b\n"",""\n"",1\n',
  'everything quoted': '"a","b"\n"1","2"\n"3","4"',
  'a quoted cell at the end without line end': 'a,b\n1,"2"',
  'a doubled quote at the end': 'a,b\n1,"2"""',
  'two-byte characters': 'ä,ß\nü,"ö"\n',
  'three- and four-byte characters': 'a,b\n李,😀\n"李,李","😀""😀"\n',
  'spaces kept': 'a,b\n 1 , 2 \n  ,\t\n',
  'one column': 'a\n1\n2\n',
  'one column of quotes': 'a\n""\n"x"\n',
  'names in quotes with line ends': '"a\nb","c,d"\n1,2\n',
  'bytes below 32': 'a,b\n\x01,\x1f\n\0,\x7f\n',
  'numbers of Gigya': 'UID,age\n_guid_x==,42\n',
  'a long cell': `a,b\n${'x'.repeat(300)},"${'y,'.repeat(150)}"\n`,
  'many columns': `${Array.from({ length: 300 }, (_, i) => `c${i}`).join(',')}\n${Array.from({ length: 300 }, (_, i) => i).join(',')}\n`,
  'more rows than one batch': `a,b\n${Array.from({ length: 1300 }, (_, i) => `${i},"é${i}"\n`).join('')}`,
  'only quotes and separators': 'a,b,c\n"","",""\n"""","",""""""""\n',
};

for (const [name, text] of Object.entries(corners))
  for (const chunk of [whole, 1, 3])
    test(`reads ${name} as csv-parse does, ${chunk === whole ? 'whole' : `in chunks of ${chunk}`}`, async () => {
      const { records, malformed } = await read(text, {}, chunk);
      expect(malformed).toEqual([]);
      expect(records).toEqual(asRecords(expected(text)));
    });

const dialects = {
  tabs: { ...rfc, separator: '\t' },
  'two characters': { ...rfc, separator: '||' },
  'a separator that repeats its own start': { ...rfc, separator: 'aab' },
  'a separator beyond ASCII': { ...rfc, separator: '§' },
  'single quotes': { ...rfc, quote: "'", escapeWith: "'" },
  'backslash escapes': { ...rfc, escapeWith: '\\' },
};

for (const [name, dialect] of Object.entries(dialects))
  for (const chunk of [whole, 1, 3])
    test(`reads ${name}, ${chunk === whole ? 'whole' : `in chunks of ${chunk}`}`, async () => {
      const { separator: s, quote: q, escapeWith: e } = dialect;
      const text = [`x${s}y`, `1${s}${q}2${s}2${q}`, `${q}a${e}${q}b${q}${s}|`, `${q}\n${q}${s}ü`, `${s}`, `Â${s}aa`].join('\n');
      const { records, malformed } = await read(text, { dialect }, chunk);
      expect(malformed).toEqual([]);
      expect(records).toEqual(asRecords(expected(text, dialect)));
    });

/** Numbers that look random and are the same every time. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

test('reads 400 random tables in random chunks as csv-parse does', async () => {
  const next = seeded(7);
  const alphabet = ['a', 'b', ',', '"', '\n', '\r', '\r\n', ' ', 'é', '李', '😀', '0', ''];
  for (let table = 0; table < 400; table++) {
    const width = 1 + (next() % 5);
    const ends = ['\n', '\r\n', '\r'];
    const cell = () => {
      const value = Array.from({ length: next() % 6 }, () => alphabet[next() % alphabet.length]).join('');
      return /[",\r\n]/.test(value) || (width === 1 && value === '') || next() % 5 === 0 ? `"${value.replaceAll('"', '""')}"` : value;
    };
    const header = Array.from({ length: width }, (_, i) => `c${i}`).join(',');
    const lines = Array.from({ length: next() % 30 }, () => Array.from({ length: width }, cell).join(','));
    const text = [header, ...lines].map((line) => line + ends[next() % 3]).join('');
    const { records, malformed } = await read(text, {}, 1 + (next() % 40));
    expect(malformed, text).toEqual([]);
    expect(records, JSON.stringify(text)).toEqual(asRecords(expected(text)));
  }
});

test('any text gives the same rows and faults however it is cut into chunks', async () => {
  const next = seeded(11);
  const alphabet = ['a', 'b', ',', ',', '"', '"', '\n', '\n', '\r', '\\', 'é', '😀'];
  for (let round = 0; round < 500; round++) {
    const text = `a,b\n${Array.from({ length: next() % 60 }, () => alphabet[next() % alphabet.length]).join('')}`;
    const dialect = round % 2 === 0 ? rfc : { ...rfc, escapeWith: '\\' };
    const inOne = await read(text, { dialect });
    for (const size of [1, 2, 3, 7]) expect(await read(text, { dialect }, size), JSON.stringify(text)).toEqual(inOne);
    const lines = inOne.malformed.map(({ line }) => line);
    expect(lines, JSON.stringify(text)).toEqual(lines.toSorted((x, y) => x - y));
  }
});

test('an empty file has no rows', async () => {
  for (const text of ['', '\uFEFF', '\n\n', '\r\n']) expect(await read(text)).toEqual({ records: [], malformed: [], notes: [] });
});

test('a row with too few or too many columns is malformed and the next row is read', async () => {
  const { records, malformed } = await read('a,b\n1\n1,2\n"x\ny",2,3\n5,6\n');
  expect(records).toEqual([
    { a: '1', b: '2' },
    { a: '5', b: '6' },
  ]);
  expect(malformed).toEqual([
    { line: 2, raw: '1', problem: 'it has 1 column where 2 are expected' },
    { line: 4, raw: '"x\ny",2,3', problem: 'it has 3 columns where 2 are expected' },
  ]);
});

test.each([whole, 1, 3])('text after a closing quote costs its line only (chunks of %i)', async (chunk) => {
  const { records, malformed } = await read('a,b\n"1"x,2\n3,4\n', {}, chunk);
  expect(records).toEqual([{ a: '3', b: '4' }]);
  expect(malformed).toEqual([{ line: 2, raw: '"1"x,2', problem: 'text follows a closing quote' }]);
});

test.each([whole, 1, 3])('a quote that is never closed costs the line where it opened (chunks of %i)', async (chunk) => {
  const { records, malformed } = await read('a,b\n"1\n1",2\n3,"4\r\n5,6\r\n7,8', {}, chunk);
  expect(records).toEqual([
    { a: '1\n1', b: '2' },
    { a: '5', b: '6' },
    { a: '7', b: '8' },
  ]);
  expect(malformed).toEqual([{ line: 4, raw: '3,"4', problem: 'a quote is opened and never closed' }]);
});

test('of a row that goes over several lines, the line of the broken quote is told', async () => {
  const { malformed } = await read('a,b\n"1\n2","3\n');
  expect(malformed.slice(0, 1)).toEqual([{ line: 2, raw: '"1', problem: 'a quote is opened and never closed; the quote opens in line 3' }]);
});

test('a stray quote that swallows lines up to a quoted cell costs one line', async () => {
  const { records, malformed } = await read('a,b\n"1,2\n3,4\n"5",6\n');
  expect(records).toEqual([
    { a: '3', b: '4' },
    { a: '5', b: '6' },
  ]);
  expect(malformed.map(({ line }) => line)).toEqual([2]);
});

test('a row longer than 16 MB is given up before it fills the memory, and lines count on', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n1,"2\n');
    for (let mb = 0; mb < 17; mb++) yield Buffer.alloc(1024 * 1024, 'x');
    yield Buffer.from('\n3,4\n5\n');
  }
  const malformed: MalformedRow[] = [];
  const records: DataRecord[] = [];
  const options = {
    dialect: rfc,
    header: true,
    inferTypes: false,
    fileName: 'a.csv',
    onMalformed: (row: MalformedRow) => malformed.push(row),
  };
  for await (const rows of parseDsv(endless(), options)) records.push(...rows.toRecords());
  expect(records).toEqual([{ a: '3', b: '4' }]);
  expect(malformed.map(({ line }) => line)).toEqual([2, 3, 5]);
  expect(malformed[0]?.problem).toContain('longer than 16 MB');
  expect(malformed[1]?.raw.length).toBe(10_000);
});

test.each([whole, 1, 3])('a byte that is not UTF-8 costs its row, with its line (chunks of %i)', async (chunk) => {
  const text = Buffer.concat([Buffer.from('a,b\n"1\n1",2\nJos'), Buffer.from([0xe9]), Buffer.from(',x\né,4\n')]);
  const { records, malformed } = await read(text, {}, chunk);
  expect(records).toEqual([
    { a: '1\n1', b: '2' },
    { a: 'é', b: '4' },
  ]);
  expect(malformed).toHaveLength(1);
  expect(malformed[0]).toMatchObject({ line: 4, raw: 'Jos\uFFFD,x' });
  expect(malformed[0]?.problem).toContain('not UTF-8');
});

test('a header that cannot be read fails, naming file and problem', async () => {
  await expect(read('a,"b\n1,2\n')).rejects.toThrow('The header of a.csv cannot be read: a quote is opened and never closed.');
  await expect(read(Buffer.from([0x61, 0xff, 0x0a]))).rejects.toThrow('not UTF-8');
});

test('names that are empty or repeated are completed and told', async () => {
  const { records, notes } = await read('a,,a,a_2,\n1,2,3,4,5\n');
  expect(records).toEqual([{ a: '1', column_2: '2', a_3: '3', a_2: '4', column_5: '5' }]);
  expect(notes).toHaveLength(3);
});

test('without a header the columns are numbered and the first row is data', async () => {
  expect((await read('1,2\n3,4\n', { header: false })).records).toEqual([
    { column_1: '1', column_2: '2' },
    { column_1: '3', column_2: '4' },
  ]);
});

test('types are inferred only where the text of the value stays the same', async () => {
  const { records } = await read('a,b,c,d,e,f,g\n1,-2.5,true,false,007,1.50,12345678901234567890\n', { inferTypes: true });
  expect(records).toEqual([{ a: 1, b: -2.5, c: true, d: false, e: '007', f: '1.50', g: '12345678901234567890' }]);
});

test('a column called __proto__ is an ordinary field', async () => {
  const [record] = (await read('__proto__,b\nx,y\n')).records;
  expect(Object.keys(record ?? {})).toEqual(['__proto__', 'b']);
  expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
});
