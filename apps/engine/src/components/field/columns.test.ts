import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataRecord, type RecordTransformer, type RowColumn, type Rows, readParams, traitsOf } from '#dataflow';
import { parseDsv } from '#formats/dsv/parse.ts';
import { fakeContext } from '#testing';
import add from './add.ts';
import join from './array/join.ts';
import ascii from './ascii.ts';
import copy from './copy.ts';
import evaluate from './evaluate.ts';
import flatten from './flatten.ts';
import hash from './hash.ts';
import move from './move.ts';
import remove from './remove.ts';
import rename from './rename.ts';
import replace from './replace.ts';
import select from './select.ts';

/**
 * Rows of a file that nobody has decoded yet are changed by their column list alone. Whatever the columns and steps: the records that
 * come out must be those of the step on decoded records, key order included.
 */
async function rowsOf(header: readonly string[], cells: readonly string[][]): Promise<Rows> {
  const content = [header, ...cells].map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
  async function* bytes() {
    yield new TextEncoder().encode(content);
  }
  const dialect = { separator: ',', quote: '"', escapeWith: '"' };
  const options = { dialect, header: true, inferTypes: true, fileName: 'a.csv', onMalformed: () => expect.unreachable() };
  for await (const rows of parseDsv(bytes(), options)) return rows;
  throw new Error('No rows.');
}

type Step = readonly [component: RecordTransformer, params: DataRecord];

const prepare = ([component, stored]: Step) => {
  const { params, issues } = readParams(traitsOf(component), stored);
  expect(issues).toEqual([]);
  return { component, params: params as Record<string, never> };
};

/** What the runtime does: columns as long as each step can, records from then on. */
function run(start: Rows, steps: readonly Step[], undecoded: boolean): { records: DataRecord[]; decodedAt: number } {
  let rows: Rows | undefined = start;
  let records: DataRecord[] | undefined;
  let decodedAt = steps.length;
  steps.map(prepare).forEach(({ component, params }, i) => {
    const columns: readonly RowColumn[] | undefined =
      undecoded && rows ? component.compileColumns?.(params, fakeContext())(rows.columns) : undefined;
    if (columns && rows) {
      rows = rows.withColumns(columns);
      return;
    }
    if (rows) decodedAt = i;
    records ??= rows?.toRecords() ?? [];
    rows = undefined;
    const change = component.compile(params, fakeContext());
    records = records.map(change).filter((record) => record !== undefined);
  });
  return { records: records ?? rows?.toRecords() ?? [], decodedAt };
}

const names = ['a', 'b', 'c', 'a.b', 'p.x', 'p', 'p_x', 'a_b', '__proto__', 'x y'];
const paths = [...names, "'a.b'", "'p.x'", "'b'", 'p.x.y', 'missing'];
const path = fc.constantFrom(...paths);
const changed = fc.constantFrom('*', ...paths);
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 });
const expression = fc.constantFrom(
  'a',
  'b + a',
  "p.x ?: 'none'",
  'p_x',
  'a_b + 1',
  "a eq '1' ? b : c",
  "'x' + x\\ y",
  'empty missing',
  '[a, b]',
  '{k: a}',
  'a.b.c',
);

const step: fc.Arbitrary<Step> = fc.oneof(
  list(fc.record({ sourceField: path, targetField: path })).map((fields): Step => [rename, { fields }]),
  list(path).map((fields): Step => [remove, { fields }]),
  list(fc.record({ field: path, value: fc.constantFrom<string | number>('v', '', 3) })).map((fields): Step => [add, { fields }]),
  list(fc.record({ field: path, expression })).map((fields): Step => [evaluate, { fields }]),
  list(path).map((fields): Step => [select, { fields }]),
  list(fc.record({ sourceField: path, targetField: path })).map((fields): Step => [copy, { fields }]),
  fc.record({ fields: list(path), after: path }).map((params): Step => [move, params]),
  list(
    fc.record({
      field: changed,
      regex: fc.constantFrom('[^0-9]', 'e+', '"', '^t', '\\s+$'),
      replacement: fc.constantFrom('', 'z', '<$0>'),
    }),
  ).map((fields): Step => [replace, { fields }]),
  list(changed).map((fields): Step => [ascii, { fields, mode: 'transliterate' }]),
  list(path).map((fields): Step => [hash, { fields, algorithm: 'md5', normalize: 'trim' }]),
  list(path).map((fields): Step => [flatten, { fields }]),
  path.map((field): Step => [join, { field }]),
);

const table = fc.subarray(names, { minLength: 1 }).chain((header) =>
  fc.record({
    header: fc.shuffledSubarray(header, { minLength: header.length }),
    cells: fc.array(
      fc.array(fc.constantFrom('', '1', '2.5', 'true', 'tëxt', 'say "x"'), { minLength: header.length, maxLength: header.length }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  }),
);

describe('field steps on undecoded rows', () => {
  it('give the records they give on decoded ones', async () => {
    await fc.assert(
      fc.asyncProperty(table, list(step), async ({ header, cells }, steps) => {
        const rows = await rowsOf(header, cells);
        const outcome = (undecoded: boolean) => {
          try {
            return JSON.stringify(run(rows, steps, undecoded).records);
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(true)).toBe(outcome(false));
      }),
      { numRuns: 1500 },
    );
  });

  it('never decode rows for flat renames, removals, constants and expressions that cannot fail', async () => {
    const rows = await rowsOf(['first', 'last', 'profile.email', 'gone'], [['Ann', 'Berg', 'ann@example.com', '1']]);
    const { records, decodedAt } = run(
      rows,
      [
        [
          rename,
          {
            fields: [
              { sourceField: 'profile.email', targetField: 'EMAIL' },
              { sourceField: 'first', targetField: "'profile.first'" },
            ],
          },
        ],
        [remove, { fields: ['gone', 'missing'] }],
        [add, { fields: [{ field: 'job', value: 'j' }] }],
        [
          evaluate,
          {
            fields: [
              { field: 'full', expression: "profile_first + ' ' + last" },
              { field: 'upper', expression: 'full.toUpperCase()' },
            ],
          },
        ],
        [rename, { fields: [{ sourceField: 'full', targetField: 'NAME' }] }],
      ],
      true,
    );
    expect(decodedAt).toBe(5);
    expect(JSON.stringify(records)).toBe(
      '[{"profile.first":"Ann","last":"Berg","EMAIL":"ann@example.com","job":"j","NAME":"Ann Berg","upper":"ANN BERG"}]',
    );
  });

  it.each<[string, Step]>([
    ['select', [select, { fields: ['a', 'missing'] }]],
    ['copy', [copy, { fields: [{ sourceField: 'a', targetField: 'c' }] }]],
    ['move', [move, { fields: ['a'], after: 'b' }]],
    ['replace', [replace, { fields: [{ field: '*', regex: '[^0-9+]' }] }]],
    ['hash', [hash, { fields: ['a'] }]],
    ['ascii', [ascii, {}]],
    ['flatten', [flatten, { fields: ['a'] }]],
    ['join', [join, { field: 'a' }]],
  ])('stay undecoded through %s', async (_, step) => {
    const rows = await rowsOf(['a', 'b'], [['1', '2']]);
    expect(run(rows, [step], true).decodedAt).toBe(1);
  });

  it.each<[string, Step]>([
    ['a nested target', [rename, { fields: [{ sourceField: 'a', targetField: 'p.q' }] }]],
    ['a nested constant', [add, { fields: [{ field: 'p.q', value: '1' }] }]],
    ['a nested copy', [copy, { fields: [{ sourceField: 'a', targetField: 'p.q' }] }]],
    ['an expression whose search may begin anew at every place', [replace, { fields: [{ field: 'a', regex: '\\s+$' }] }]],
    ['an expression that may fail', [evaluate, { fields: [{ field: 'b', expression: 'a * 2' }] }]],
  ])('decode rows for %s', async (_, needs) => {
    const rows = await rowsOf(['a'], [['1']]);
    expect(run(rows, [needs], true).decodedAt).toBe(0);
  });
});
