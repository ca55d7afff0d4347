import type { Arrow, DataflowState, Layout } from '@idsync/engine/dataflow';
import { card, gap, grid, snap } from './drawing/measures.ts';
import type { Place } from './new-step.ts';

const touches = (a: Place, b: Place) => Math.abs(a.x - b.x) < card.width + grid && Math.abs(a.y - b.y) < card.height + grid;

/**
 * Where a step that is set into an arrow stands, and what has to move for it. Where it was dropped when that is free; else
 * behind the arrow's first step, and everything from the arrow's second step on moves right as far as needed.
 */
export function makeRoom({ layout }: DataflowState, { from, to }: Arrow, dropped: Place): { place: Place; moved: Layout } {
  const wanted = { x: snap(dropped.x), y: snap(dropped.y) };
  const before = layout[from];
  const after = layout[to];
  if (!before || !after || !Object.values(layout).some((other) => touches(wanted, other))) return { place: wanted, moved: {} };
  const column = card.width + gap.column;
  const place = { x: before.x + column, y: after.x > before.x ? after.y : before.y };
  const shift = snap(Math.max(0, place.x + column - after.x));
  const right = Object.entries(layout).filter(([id, { x }]) => id === to || (x >= after.x && id !== from));
  return { place, moved: shift === 0 ? {} : Object.fromEntries(right.map(([id, { x, y }]) => [id, { x: x + shift, y }])) };
}
