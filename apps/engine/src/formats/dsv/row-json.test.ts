import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RowColumn } from '#dataflow';
import { parseDsv } from './parse.ts';
import type { DsvRows } from './rows.ts';

const dialect = { separator: ',', quote: '"', escapeWith: '"' };

async function rowsOf(text: string, inferTypes = false): Promise<DsvRows[]> {
  const found: DsvRows[] = [];
  async function* chunks() {
    yield Buffer.from(text);
  }
  const options = { dialect, header: true, inferTypes, fileName: 'a.csv', onMalformed: () => undefined };
  for await (const rows of parseDsv(chunks(), options)) found.push(rows);
  return found;
}

const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

/** Both texts must say what the decoded records say. */
function expectSame(rows: DsvRows): void {
  const records = rows.toRecords();
  expect(textOf(rows.toJson())).toBe(JSON.stringify(records));
  expect(textOf(rows.valuesToJson())).toBe(JSON.stringify(records.flatMap((record) => Object.values(record))));
}

it('rows become the JSON their records would become', async () => {
  const text = 'id,name,note\n1,"a ""b""","x\ny"\n2,tab\there,back\\slash\n3,Zoë 李,"bare, quoted"\n4,in"side,\n';
  for (const inferTypes of [false, true]) for (const rows of await rowsOf(text, inferTypes)) expectSame(rows);
});

it('any cells do, in whole batches and in parts of them', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text.isWellFormed());
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), async (table) => {
      const text = `a,b\n${table.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
      for (const rows of await rowsOf(text)) {
        expectSame(rows);
        expectSame(rows.slice(1, 3));
      }
    }),
    { numRuns: 200 },
  );
});

it('a field that a row does not have is left out of its object, and then there is no list of values alone', async () => {
  const [rows] = (await rowsOf('a,b\n1,2\n3,4\n')) as [DsvRows];
  const from: readonly RowColumn[] = rows.columns;
  const changed = rows.withColumns([
    { name: 'odd', from, compute: (row) => (row.get('a') === '1' ? { of: [1] } : undefined) },
    { name: 'k', constant: null },
  ]);
  expect(textOf(changed.toJson())).toBe('[{"odd":{"of":[1]},"k":null},{"k":null}]');
  expect(changed.valuesToJson()).toBeUndefined();
});

it('rows without columns are empty objects', async () => {
  const [rows] = (await rowsOf('a\n1\n2\n')) as [DsvRows];
  expect(textOf(rows.withColumns([]).toJson())).toBe('[{},{}]');
});
