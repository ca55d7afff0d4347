import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileGet, type DataRecord, JsonLines, RecordError } from '#dataflow';
import { refusedLines } from './refused-lines.ts';
import { textOf } from './refused-records.ts';

const linesOf = (texts: readonly string[]) => JsonLines.of(Buffer.from(texts.map((text) => `${text}\n`).join('')));
const error = new RecordError('no', { code: 'targetRefused' });

/** What parsing every line finds. */
function expected(texts: readonly string[], refused: ReadonlyMap<string, RecordError>, recordKey: string) {
  const keyOf = compileGet(recordKey);
  return texts.flatMap((text, position) => {
    const record = JSON.parse(text) as DataRecord;
    const value = keyOf(record);
    return value !== undefined && refused.has(textOf(value)) ? [{ position, record, error }] : [];
  });
}

test('finds the lines that parsing all of them would find', () => {
  const key = fc.constantFrom('a', 'b"', 'é\n', 7, null, true);
  const record = fc.oneof(
    fc.record({ id: key, n: fc.nat(3) }),
    fc.record({ n: fc.nat(3), id: key }),
    fc.record({ n: fc.nat(3) }),
    fc.record({ 'p.id': key }),
    fc.record({ p: fc.record({ id: key }) }),
  );
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 8 }),
      fc.subarray(['a', 'b"', 'é\n', '7', 'true', 'x']),
      fc.constantFrom('id', 'p.id'),
      (records, keys, recordKey) => {
        const texts = records.map((one) => JSON.stringify(one));
        const refused = new Map(keys.map((one) => [one, error]));
        expect(refusedLines(linesOf(texts), refused, recordKey)).toEqual(expected(texts, refused, recordKey));
      },
    ),
  );
});

test('a key that stands twice in a line is found by its last value, as a parser reads it', () => {
  const texts = ['{"id":"a","id":"b"}', '{"id":"c"}'];
  const refused = new Map([['b', error]]);
  expect(refusedLines(linesOf(texts), refused, 'id')).toEqual(expected(texts, refused, 'id'));
});
