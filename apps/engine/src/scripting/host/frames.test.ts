import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { type Frame, onFrame, writeFrame } from './frames.ts';

/** What was written, and a way to let bytes arrive. */
function loop() {
  const written: Buffer[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      written.push(chunk);
      done();
    },
  });
  return { stream, written };
}

const frames = [
  { head: { type: 'a', text: 'ö\n' }, body: Buffer.from('body') },
  { head: { type: 'b' }, body: Buffer.alloc(0) },
  { head: {}, body: Buffer.alloc(70_000, 7) },
];

it.each([1, 7, 11, 64, 100_000])('messages arrive whole and in order when their bytes come %i at a time', async (size) => {
  const { stream, written } = loop();
  for (const { head, body } of frames) writeFrame(stream, head, body);
  const bytes = Buffer.concat(written);
  const got: Frame<object>[] = [];
  onFrame<object>(stream, (frame) => got.push(frame));
  for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
  stream.push(null);
  await new Promise((resolve) => stream.once('end', resolve));
  expect(got.map(({ head, body }) => ({ head, body: Buffer.from(body) }))).toEqual(frames);
});
