import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf } from './parts-of.ts';

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function cut(chunks: readonly Uint8Array[], size: number) {
  const parts: { bytes: Buffer; last: boolean }[] = [];
  for await (const { bytes, last } of partsOf(from(chunks), () => Buffer.alloc(size))) parts.push({ bytes: Buffer.from(bytes), last });
  return parts;
}

test('every stream is cut into full parts and a last one, with nothing lost', async () => {
  const streams = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(streams, fc.integer({ min: 1, max: 16 }), async (chunks, size) => {
      const parts = await cut(chunks, size);
      expect(Buffer.concat(parts.map(({ bytes }) => bytes))).toEqual(Buffer.concat(chunks));
      expect(parts.map(({ last }) => last)).toEqual(parts.map((_, index) => index === parts.length - 1));
      for (const { bytes, last } of parts) if (!last) expect(bytes).toHaveLength(size);
    }),
  );
});

test('a stream that fills its parts exactly has no empty part behind them; an empty stream is one empty part', async () => {
  expect((await cut([Buffer.from('abcd')], 2)).map(({ bytes, last }) => [bytes.toString(), last])).toEqual([
    ['ab', false],
    ['cd', true],
  ]);
  expect(await cut([], 4)).toEqual([{ bytes: Buffer.alloc(0), last: true }]);
});

test('buffers are taken one at a time and can be used again', async () => {
  const buffer = Buffer.alloc(3);
  let taken = 0;
  const seen: string[] = [];
  const take = () => {
    taken++;
    return buffer;
  };
  for await (const { bytes } of partsOf(from([Buffer.from('abcdefg')]), take)) seen.push(bytes.toString());
  expect(seen).toEqual(['abc', 'def', 'g']);
  expect(taken).toBe(3);
});
