import { describe, expect, it } from 'vitest';
import { card, gap } from './drawing/measures.ts';
import { makeRoom } from './make-room.ts';

const column = card.width + gap.column;
const arrow = { from: 'a', to: 'b', path: 'next', index: 0 } as const;
const state = (layout: Record<string, { x: number; y: number }>) => ({ document: { steps: [] }, layout });

describe('setting a step into an arrow', () => {
  it('moves what stands to the right when there is no room between the two steps', () => {
    const tight = state({ a: { x: 0, y: 0 }, b: { x: column, y: 0 }, c: { x: 2 * column, y: 0 }, report: { x: 0, y: 400 } });
    expect(makeRoom(tight, arrow, { x: column / 2, y: 4 })).toEqual({
      place: { x: column, y: 0 },
      moved: { b: { x: 2 * column, y: 0 }, c: { x: 3 * column, y: 0 } },
    });
  });

  it('leaves everything where it is when the step fits where it was dropped', () => {
    const wide = state({ a: { x: 0, y: 0 }, b: { x: 3 * column, y: 0 } });
    expect(makeRoom(wide, arrow, { x: 448, y: 0 })).toEqual({ place: { x: 448, y: 0 }, moved: {} });
  });
});
