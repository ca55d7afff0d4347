import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Batch, ConfigError, type DataRecord, FatalError, type Json } from '#dataflow';
import { chunksOf, hostile } from '#testing';
import { bytesOf } from '#testing/bytes-of.ts';
import { allowing, type Dice, fuzz } from '#testing/fuzz.ts';
import { DsvEncoder } from './dsv/format.ts';
import { parseDsv } from './dsv/parse.ts';
import { JsonEncoder } from './json/format.ts';
import { parseJson } from './json/parse.ts';
import { readLzop } from './lzo/lzop-read.ts';
import { writeLzop } from './lzo/lzop-write.ts';
import { formatParts } from './parts.ts';
import { spool } from './spool.ts';
import { unzip } from './zip/read.ts';
import { zip } from './zip/write.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'idsync-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ours = [FatalError, ConfigError];
const pieces = [
  ...hostile.texts,
  'abc',
  '"',
  '""',
  ',',
  '\n',
  '\r',
  '\r\n',
  ';;',
  '\\"',
  'é',
  '😀',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '\u0000',
  '1e999',
];
const text = (dice: Dice, most: number): string => Array.from({ length: dice.below(most) }, () => dice.one(pieces)).join('');
const chunk = (dice: Dice): number => dice.one([1, 2, 3, 7, 64, 1000, 65_536]);

async function written(batches: readonly DataRecord[][], encoder: DsvEncoder | JsonEncoder): Promise<Buffer> {
  async function* source() {
    for (const records of batches) yield Batch.of(structuredClone(records));
  }
  const parts: Buffer[] = [];
  const options = { nameOf: String, maxBytes: Number.POSITIVE_INFINITY, createEmptyFile: false };
  for await (const file of formatParts(source(), encoder, options)) parts.push(await bytesOf(file.read()));
  return Buffer.concat(parts);
}

describe('delimited text', () => {
  const dialectOf = (dice: Dice) => {
    const quote = dice.one(['"', "'", '|']);
    return { separator: dice.one([',', ';', '\t', '::', '~|~', '李']), quote, escapeWith: dice.one([quote, quote, '\\']) };
  };

  test('comes back as it was written, whatever the texts, the dialect and the chunks', async () => {
    const rounds = await fuzz(async (dice) => {
      let dialect = dialectOf(dice);
      while (dialect.separator.includes(dialect.quote)) dialect = dialectOf(dice);
      const width = 1 + dice.below(5);
      // A name that is empty or blank alone in its row would be named anew, or read as a blank line.
      const names = Array.from({ length: width }, (_, i) => `${i}${text(dice, 3)}`);
      const records = Array.from({ length: dice.below(40) }, () =>
        Object.fromEntries(names.map((name) => [name, text(dice, 4).toWellFormed()])),
      );
      const encoder = new DsvEncoder({
        dialect,
        quoteFields: dice.below(2) === 0,
        header: true,
        lineEnd: dice.one(['\n', '\r\n', '\r']),
        columns: names,
        onUnknownField: () => undefined,
      });
      const bytes = await written([records], encoder);
      const read: DataRecord[] = [];
      const onMalformed = (row: unknown) => expect.unreachable(JSON.stringify({ row, dialect }));
      for await (const rows of parseDsv(chunksOf(bytes, chunk(dice)), {
        dialect,
        header: true,
        inferTypes: false,
        fileName: 'a.csv',
        onMalformed,
      }))
        read.push(...rows.toRecords());
      expect(read.map((record) => names.map((name) => record[name]))).toEqual(records.map((record) => names.map((name) => record[name])));
    });
    expect(rounds).toBeGreaterThan(20);
  });

  test('of any bytes ends with rows, refused rows or a clear error', async () => {
    await fuzz(async (dice) => {
      const bytes = dice.damage(Buffer.from(text(dice, 200)));
      const reading = async () => {
        for await (const rows of parseDsv(chunksOf(bytes, chunk(dice)), {
          dialect: dialectOf(dice),
          header: dice.below(2) === 0,
          inferTypes: dice.below(2) === 0,
          fileName: 'a.csv',
          onMalformed: () => undefined,
        })) {
          rows.toRecords();
          JSON.parse(Buffer.from(rows.toJson()).toString());
        }
      };
      await allowing(reading(), ours);
    });
  });
});

describe('JSON', () => {
  const makeValue = (dice: Dice, depth: number): Json => {
    const kind = dice.below(depth > 4 ? 4 : 6);
    if (kind === 0) return text(dice, 5);
    if (kind === 1) return dice.one([0, -1.5, 1e300, 1e-7, 12345678901234, -0.1]);
    if (kind < 4) return dice.one<Json>([null, true, false, '']);
    if (kind === 4) return Array.from({ length: dice.below(4) }, () => makeValue(dice, depth + 1));
    return makeObject(dice, depth + 1);
  };
  // Without backslashes: JSON.parse of V8 13.6 takes the key `""` for `\\"` when an object of the same shape had that one before.
  const keyOf = (dice: Dice) => text(dice, 3).replaceAll('\\', '/');
  const makeObject = (dice: Dice, depth: number): DataRecord =>
    Object.fromEntries(
      Array.from({ length: dice.below(5) }, () => [dice.one(['a', 'b', '__proto__', keyOf(dice)]), makeValue(dice, depth)]),
    );

  test('comes back as it was written, in every layout, in any chunks', async () => {
    const rounds = await fuzz(async (dice) => {
      const batches = Array.from({ length: dice.below(4) }, () => Array.from({ length: dice.below(20) }, () => makeObject(dice, 0)));
      const layout = dice.one(['array', 'lines'] as const);
      const wrapField = layout === 'array' ? dice.one([undefined, 'list', 'a"b']) : undefined;
      const bytes = await written(batches, new JsonEncoder({ layout, wrapField }));
      const read: DataRecord[] = [];
      const onMalformed = (element: unknown) => expect.unreachable(JSON.stringify(element));
      for await (const batch of parseJson(chunksOf(bytes, chunk(dice)), { fileName: 'a.json', wrapField, onMalformed }))
        read.push(...batch.records);
      expect(JSON.stringify(read)).toBe(JSON.stringify(batches.flat()));
    });
    expect(rounds).toBeGreaterThan(20);
  });

  test('of any bytes ends with records, refused elements or a clear error', async () => {
    await fuzz(async (dice) => {
      const records = Array.from({ length: dice.below(20) }, () => makeObject(dice, 0));
      const bytes = dice.damage(
        Buffer.from(dice.one([JSON.stringify(records), records.map((record) => JSON.stringify(record)).join('\n'), text(dice, 100)])),
      );
      const wrapField = dice.one([undefined, 'a']);
      const reading = async () => {
        for await (const batch of parseJson(chunksOf(bytes, chunk(dice)), { fileName: 'a.json', wrapField, onMalformed: () => undefined }))
          expect(batch.records).toHaveLength(batch.size);
      };
      await allowing(reading(), ours);
    });
  });
});

describe('archives', () => {
  const content = (dice: Dice): Buffer => {
    const parts = Array.from({ length: dice.below(30) }, () =>
      dice.one([
        () => Buffer.alloc(dice.below(70_000), dice.below(256)),
        () => Buffer.from(Array.from({ length: dice.below(500) }, () => dice.below(256))),
        () => Buffer.from(text(dice, 200)),
      ])(),
    );
    return Buffer.concat([...parts, ...parts.slice(0, dice.below(parts.length + 1))]);
  };

  test('of LZO come back as they were', async () => {
    await fuzz(async (dice) => {
      const plain = content(dice);
      const packed = await bytesOf(writeLzop(chunksOf(plain, dice.one([1000, 65_536, 300_000])), { name: 'a', timeMs: 0 }));
      const read = await bytesOf(readLzop(chunksOf(packed, dice.one([7, 1000, 65_536])), { fileName: 'a.lzo', maxExpansion: 300 }));
      expect(read.equals(plain)).toBe(true);
    });
  });

  test('of LZO, damaged, end as they were or with a clear error', async () => {
    await fuzz(async (dice) => {
      const packed = await bytesOf(writeLzop(chunksOf(content(dice).subarray(0, 3000), 1000), { name: 'a', timeMs: 0 }));
      await allowing(bytesOf(readLzop(chunksOf(dice.damage(packed), 500), { fileName: 'a.lzo', maxExpansion: 300 })), ours);
    });
  });

  test.each([undefined, 'secret'])('of zip with the password %s, damaged, end as they were or with a clear error', async (password) => {
    await fuzz(async (dice) => {
      const plain = content(dice).subarray(0, 3000);
      const packed = await bytesOf(zip(chunksOf(plain, 1000), { name: 'a', timeMs: 0, password }));
      const reading = async () => {
        await using archive = await spool(chunksOf(dice.damage(packed), 500), folder);
        const limits = { maxExpansion: 300, maxBytes: 1 << 24, maxEntries: 100 };
        for await (const file of unzip(archive, { fileName: 'a.zip', password, ...limits, onNote: () => undefined }))
          await bytesOf(file.read());
      };
      await allowing(reading(), ours);
    });
  });
});
