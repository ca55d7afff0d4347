import { describe, expect, test } from 'vitest';
import { hostile } from '#testing';
import { bodyWriter } from './json-body.ts';

const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

describe('the body of a request', () => {
  const records = hostile.hostileRecords();

  test('is the JSON array of the records, byte for byte', () => {
    const write = bodyWriter('array');
    for (let round = 0; round < 2; round++) expect(text(write(records))).toBe(JSON.stringify(records));
    expect(text(write([]))).toBe('[]');
  });

  test('is one JSON text a line', () => {
    expect(text(bodyWriter('lines')(records))).toBe(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  });

  test('is the record alone', () => {
    const write = bodyWriter('single');
    for (const record of records) expect(text(write([record]))).toBe(JSON.stringify(record));
  });

  test('grows with what it is given, and bodies do not share their bytes', () => {
    const write = bodyWriter('array');
    const large = [{ text: '€'.repeat(100_000) }, { text: hostile.hugeText() }];
    const first = write([{ a: 1 }]);
    expect(text(write(large))).toBe(JSON.stringify(large));
    expect(text(first)).toBe('[{"a":1}]');
  });
});
