import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Batch, type Rows } from '#dataflow';
import { parseDsv } from '#formats/dsv/parse.ts';
import { openScript } from './script-session.ts';
import type { ScriptOutput } from './types.ts';

// Each test starts processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

/**
 * Rows of a file go into a script as text. Whatever the script does with a record, what comes out must be the same as for decoded
 * records: records, order of their keys, failures, counts, log lines.
 */
let jobs = 0;
const open = (source: string) =>
  openScript({ source, ecmaVersion: '12', notifyLastRecord: false, ctx: { jobId: `rows-${++jobs}`, dataflowId: 'f', stepId: 's' } });
const body = (code: string) => `function process(record, ctx, logger, next, error) {\n${code}\n}`;

async function rowsOf(header: readonly string[], cells: readonly (readonly string[])[], inferTypes: boolean): Promise<Rows> {
  const quoted = (cell: string) => (/[",\n\r]/.test(cell) || cell === '' ? `"${cell.replaceAll('"', '""')}"` : cell);
  const content = [header, ...cells].map((row) => `${row.map(quoted).join(',')}\n`).join('');
  async function* bytes() {
    yield new TextEncoder().encode(content);
  }
  const dialect = { separator: ',', quote: '"', escapeWith: '"' };
  for await (const rows of parseDsv(bytes(), {
    dialect,
    header: true,
    inferTypes,
    fileName: 'a.csv',
    onMalformed: () => expect.unreachable(),
  }))
    return rows;
  throw new Error('No rows.');
}

const told = ({ batch, failed, filtered, log }: ScriptOutput) => ({
  json: Buffer.from(batch.copy().toJson()).toString(),
  lines: batch.rows?.toJsonLines(),
  records: JSON.stringify(batch.records),
  failed: JSON.stringify(failed),
  filtered,
  log: JSON.stringify(log),
});

async function expectSame(source: string, rows: Rows, rounds = 1): Promise<boolean> {
  await using one = await open(source);
  await using other = await open(source);
  let stayedRows = false;
  for (let round = 0; round < rounds; round++) {
    const undecoded = await one.processBatch(Batch.ofRows(rows));
    if (round === 0) stayedRows = undecoded.batch.rows !== undefined;
    const { lines, ...asRows } = told(undecoded);
    const { lines: _, ...asRecords } = told(await other.process(rows.toRecords()));
    expect(asRows).toEqual(asRecords);
    expect(asRows.json).toBe(asRows.records);
    if (lines)
      expect(
        Buffer.from(lines)
          .toString()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      ).toEqual(JSON.parse(asRows.records));
  }
  return stayedRows;
}

const header = ['id', 'name', 'note', 'n'];
const table = [
  ['1', 'Zoë 李', 'say "hi"', '5'],
  ['2', "O'Neil, Jr.", 'x\ny', '06'],
  ['3', '', '\u{1F600} emoji', '-7.5'],
  ['4', 'back\\slash\ttab', 'true', 'abc'],
  ['5', 'Ann', '', '12'],
];

/** `rows`: the output is expected to stay undecoded. */
const scripts: [title: string, source: string, rows: boolean][] = [
  ['gives the record back', body('return record;'), true],
  ['drops records', body('return record.n > 5 ? record : null;'), true],
  ['drops all', body('return null;'), false],
  ['changes fields', body('record.name = record.name.toUpperCase(); record.n = Number(record.n) * 2; return record;'), true],
  ['changes a field of some', body('if (record.id !== "3") record.note = [record.id, { deep: record.note }]; return record;'), true],
  ['adds fields', body('record.a = record.id + record.name; record.b = null; record["c.d"] = true; return record;'), true],
  ['adds a field to some', body('if (record.id > 2) record.extra = record.note; return record;'), true],
  [
    'adds fields in another order',
    body('if (record.id > 2) { record.b = 1; record.a = 2; } else { record.a = 1; record.b = 2; } return record;'),
    false,
  ],
  ['adds a field whose name is a number', body('record[7] = record.id; return record;'), false],
  ['removes a field', body('delete record.note; return record;'), true],
  ['removes a field of some', body('if (record.id > 2) delete record.name; return record;'), true],
  ['removes a field and sets it again', body('const { note } = record; delete record.note; record.note = note; return record;'), false],
  [
    'sets undefined, a function, a symbol',
    body('record.name = undefined; record.note = () => 1; record.x = Symbol("a"); record.n = undefined; record.n = "back"; return record;'),
    true,
  ],
  [
    'sets what JSON writes otherwise',
    body(
      'record.n = NaN; record.d = new Date(0); record.e = { toJSON() { return "j"; } }; record.z = -0; record.s = "\\ud800"; return record;',
    ),
    true,
  ],
  ['sets what JSON cannot hold', body('if (record.id === "2") record.big = 1n; return record;'), true],
  ['has a toJSON of its own', body('record.toJSON = () => ({ only: record.id }); return record;'), false],
  ['returns a new record', body('return { UID: record.id, upper: record.name.toUpperCase() };'), false],
  ['spreads it', body('return { ...record, more: 1 };'), false],
  [
    'lists its fields',
    body('for (const k in record) if (record[k] === "") delete record[k]; record.keys = Object.keys(record).length; return record;'),
    true,
  ],
  [
    'asks what it has',
    body(
      'record.has = [("name" in record), record.hasOwnProperty("note"), Object.hasOwn(record, "x"), "toString" in record, record.constructor === Object, record instanceof Object, Object.prototype.toString.call(record), record.nothing === undefined]; return record;',
    ),
    true,
  ],
  [
    'defines properties',
    body(
      'Object.defineProperty(record, "name", { value: "fixed", enumerable: true }); Object.defineProperty(record, "hidden", { value: 1 }); return record;',
    ),
    false,
  ],
  [
    'freezes it',
    body(
      '"use strict"; Object.freeze(record); try { record.name = "x"; } catch (e) { return { threw: e instanceof TypeError, ...record }; } return record;',
    ),
    false,
  ],
  ['changes its prototype', body('Object.setPrototypeOf(record, { inherited: 1 }); record.saw = record.inherited; return record;'), false],
  ['sets __proto__', body('record.__proto__ = { inherited: 1 }; record.saw = record.inherited; return record;'), false],
  [
    'makes a child of it',
    body('const child = Object.create(record); child.name = "own"; return { name: record.name, child: child.name, note: child.note };'),
    false,
  ],
  ['returns a child of it', body('const child = Object.create(record); child.own = 1; return child;'), false],
  ['wraps it', body('return { inner: record, list: [record] };'), false],
  ['copies it by JSON', body('return JSON.parse(JSON.stringify(record));'), false],
  ['accepts it once', body('record.x = 1; next.accept(record); record.x = 2; return null;'), true],
  ['accepts it twice', body('record.x = 1; next.accept(record); record.x = 2; next.accept(record);'), false],
  ['accepts and returns it', body('next.accept({ first: record.id }); return record;'), false],
  ['throws for some', body('if (record.id === "2") throw new Error("no"); record.ok = 1; return record;'), true],
  ['throws after accepting', body('record.name = "changed"; next.accept(record); if (record.id > 2) throw new Error("no");'), true],
  [
    'sends some to the error path',
    body('if (record.id === "4") { record.why = "bad"; error.accept(record); return null; } return record;'),
    true,
  ],
  ['logs it', body('logger.info("got", record, record.name); return record;'), true],
  ['changes a record of before', `let last;\n${body('if (last) last.name = "late"; last = record; return record;')}`, true],
  ['returns a record of before', `let last;\n${body('const before = last; last = record; return before;')}`, false],
  [
    'returns a promise, a list, a text',
    body('return record.id === "1" ? Promise.resolve(record) : record.id === "2" ? [record] : record.id === "3" ? "text" : record;'),
    true,
  ],
  [
    'compares and counts',
    `let seen = 0;\n${body('seen++; record.seen = seen; record.same = record === record && record.name === record.name; return record;')}`,
    true,
  ],
];

describe('rows in a script that', () => {
  it.each(scripts)('%s come out as records would', async (_, source, rows) => {
    expect(await expectSame(source, await rowsOf(header, table, false), 2)).toBe(rows);
    await expectSame(source, await rowsOf(header, table, true), 2);
  });
});

it('any cells, of whole batches and of parts that a script kept, come out as records would', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text.isWellFormed() && !text.includes('\r'));
  const source = body(
    'if (record.b.length > 5) return null; record.a = record.b + record.a; if (record.a > "m") record.c = record.a; return record;',
  );
  await using first = await open(source);
  await using second = await open(source);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), fc.boolean(), async (cells, inferTypes) => {
      const rows = await rowsOf(['a', 'b'], cells, inferTypes);
      const once = await first.processBatch(Batch.ofRows(rows));
      const twice = await first.processBatch(once.batch.copy());
      const decoded = await second.process(rows.toRecords());
      const decodedTwice = await second.process(structuredClone(decoded.results));
      expect(JSON.stringify([once.results, twice.results])).toBe(JSON.stringify([decoded.results, decodedTwice.results]));
    }),
    { numRuns: 150 },
  );
});

it('constants and computed columns are fields like others; nobody shares their objects', async () => {
  const rows = await rowsOf(header, table, false);
  const columns = [
    ...rows.columns,
    { name: 'constant', constant: { list: [1] } },
    { name: 'computed', from: rows.columns, compute: (row: { get(name: string): unknown }) => `${row.get('id')}!` },
  ];
  const source = body('record.constant.list.push(record.computed); return record;');
  expect(await expectSame(source, rows.withColumns(columns as Rows['columns']))).toBe(true);
});

it('names that objects would put in another order, or hold once only, are handed over as records', async () => {
  const source = body('record.x = 1; return record;');
  expect(await expectSame(source, await rowsOf(['b', '1'], [['x', 'y']], false))).toBe(false);
});

it('a script that takes every record apart is given whole ones from then on', async () => {
  await using session = await open(body('return Object.keys(record).length > 2 ? record : null;'));
  const rows = await rowsOf(header, table, false);
  expect((await session.processBatch(Batch.ofRows(rows))).batch.rows).toBeDefined();
  expect((await session.processBatch(Batch.ofRows(rows))).batch.rows).toBeUndefined();
});

it('a script that keeps a few records of each batch keeps no more than its memory allows', async () => {
  const source = `const kept = [];\n${body('if (record.id === "1") kept.push(record); record.kept = kept.length; return record;')}`;
  await using session = await open(source);
  const long = 'x'.repeat(2000);
  const rows = await rowsOf(
    ['id', 'text'],
    Array.from({ length: 200 }, (_, i) => [String(i), long]),
    false,
  );
  let stayed = 0;
  for (let i = 0; i < 400; i++) if ((await session.processBatch(Batch.ofRows(rows))).batch.rows) stayed++;
  expect(stayed).toBeGreaterThan(50);
  expect(stayed).toBeLessThan(300);
  expect((await session.processBatch(Batch.ofRows(rows))).results.at(-1)).toMatchObject({ kept: 401 });
});
