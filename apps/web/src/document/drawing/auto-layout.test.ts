import type { DataflowDocument } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { autoLayout, completeLayout } from './auto-layout.ts';
import { card, grid } from './measures.ts';

const document: DataflowDocument = {
  steps: [
    { id: 'write', type: 'datasource.write.gigya.account', next: ['ok'], error: ['failed'] },
    { id: 'read', type: 'datasource.read.gigya.account', next: ['write'] },
    { id: 'failed', type: 'file.format.json' },
    { id: 'ok', type: 'file.format.json' },
  ],
};

test('steps stand left to right along the arrows, on the grid', () => {
  const layout = autoLayout(document);
  const x = (id: string) => layout[id]?.x ?? Number.NaN;
  expect(x('read') + card.width).toBeLessThan(x('write'));
  expect(x('write') + card.width).toBeLessThan(x('ok'));
  expect(Object.values(layout).every((place) => place.x % grid === 0 && place.y % grid === 0)).toBe(true);
});

test('the error path leads down', () => {
  const layout = autoLayout(document);
  expect(layout.failed?.y).toBeGreaterThan(layout.ok?.y ?? Number.NaN);
});

test('no two cards lie on each other', () => {
  const places = Object.values(autoLayout(document));
  const overlaps = places.some((a, i) =>
    places.some((b, j) => i < j && Math.abs(a.x - b.x) < card.width && Math.abs(a.y - b.y) < card.height),
  );
  expect(overlaps).toBe(false);
});

test('places that are known are kept, the rest stand below them', () => {
  const known = { read: { x: 0, y: 0 }, write: { x: 320, y: 160 } };
  const { layout } = completeLayout({ document, layout: known });
  expect(layout).toMatchObject(known);
  expect(Object.keys(layout).toSorted()).toEqual(['failed', 'ok', 'read', 'write']);
  expect(layout.ok?.y).toBeGreaterThanOrEqual(160 + card.height);
});

test('a complete layout is the same object', () => {
  const complete = completeLayout({ document, layout: {} });
  expect(completeLayout(complete)).toBe(complete);
});

test('a flow with a loop or without steps can be laid out too', () => {
  const loop: DataflowDocument = {
    steps: [
      { id: 'a', type: 'x', next: ['b'] },
      { id: 'b', type: 'x', next: ['a'] },
    ],
  };
  expect(Object.keys(autoLayout(loop))).toEqual(['a', 'b']);
  expect(autoLayout({ steps: [] })).toEqual({});
});
