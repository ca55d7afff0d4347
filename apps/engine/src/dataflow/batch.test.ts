import { expect, test } from 'vitest';
import { Batch, copyRecord, type DataRecord, type RowColumn, type Rows } from '#dataflow';

/** Rows of letters, one letter in each row; counts how often they are decoded. */
class Letters implements Rows {
  static decoded = 0;
  readonly columns: readonly RowColumn[];
  readonly #letters: string;
  constructor(letters: string, columns: readonly RowColumn[] = [{ name: 'letter', cell: 0 }]) {
    this.#letters = letters;
    this.columns = columns;
  }
  get size(): number {
    return this.#letters.length;
  }
  withColumns(columns: readonly RowColumn[]): Letters {
    return new Letters(this.#letters, columns);
  }
  slice(start: number, end: number): Letters {
    return new Letters(this.#letters.slice(start, end), this.columns);
  }
  toJson(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.toRecords()));
  }
  valuesToJson(): undefined {}
  toJsonLines(): undefined {}
  toText(): undefined {}
  withResults(): Letters {
    return this;
  }
  toRecords(): DataRecord[] {
    Letters.decoded++;
    return [...this.#letters].map((letter) => ({ letter }));
  }
}

test('rows stay undecoded until records are asked for, and are decoded once', () => {
  Letters.decoded = 0;
  const batch = Batch.ofRows(new Letters('abc'));
  expect([batch.size, batch.rows?.size, Letters.decoded]).toEqual([3, 3, 0]);
  expect(batch.records).toBe(batch.records);
  expect(batch.records).toEqual([{ letter: 'a' }, { letter: 'b' }, { letter: 'c' }]);
  expect([batch.rows, Letters.decoded]).toEqual([undefined, 1]);
});

test('a slice of rows stays rows, a slice of records shares them', () => {
  Letters.decoded = 0;
  const part = Batch.ofRows(new Letters('abcd')).slice(1, 3);
  expect([part.size, Letters.decoded]).toEqual([2, 0]);
  expect(part.records).toEqual([{ letter: 'b' }, { letter: 'c' }]);
  const records = [{ a: 1 }, { a: 2 }];
  expect(Batch.of(records).slice(1, 9).records[0]).toBe(records[1]);
});

test('a copy shows nothing of what happens to the other, nested values included', () => {
  const batch = Batch.of([{ profile: { tags: ['a'] } }]);
  const copy = batch.copy();
  (batch.records[0] as { profile: { tags: string[] } }).profile.tags.push('b');
  expect(copy.records).toEqual([{ profile: { tags: ['a'] } }]);
  const rows = Batch.ofRows(new Letters('a'));
  const other = rows.copy();
  (rows.records[0] as DataRecord).letter = 'z';
  expect(other.records).toEqual([{ letter: 'a' }]);
});

test('copying keeps a field called __proto__ a field', () => {
  const copy = copyRecord(JSON.parse('{"__proto__": {"admin": true}, "a": 1}'));
  expect(Object.keys(copy)).toEqual(['__proto__', 'a']);
  expect((copy as { admin?: boolean }).admin).toBeUndefined();
});
