import { type DataflowState, type DataRecord, encodeBase64Text, type Step } from '@idsync/engine/dataflow';
import { defaultScript } from './default-script.ts';
import { card, gap, grid, snap } from './drawing/measures.ts';

export interface Place {
  x: number;
  y: number;
}

/** A short id in the manner of stored flows: the last telling word of the type, numbered when taken. */
export function newStep(type: string, taken: readonly string[]): Step {
  const parts = type.split('.');
  const last = parts.at(-1) ?? type;
  const base = type === 'record.evaluate' ? 'script' : parts.length > 2 && parts[0] === 'field' ? parts.slice(1).join('.') : last;
  const used = new Set(taken);
  let id = base;
  for (let number = 2; used.has(id); number++) id = `${base} ${number}`;
  return { id, type, params: startingParams(type), next: [] };
}

/** A custom script begins with one that changes nothing, so that it can run as it is. */
const startingParams = (type: string): DataRecord =>
  type === 'record.evaluate' ? { script: encodeBase64Text(defaultScript), ECMAScriptVersion: '12' } : {};

/** The nearest free place at or below `wanted`, on the grid. */
export function freePlace(state: DataflowState, wanted: Place): Place {
  const place = { x: snap(wanted.x), y: snap(wanted.y) };
  const taken = Object.values(state.layout);
  const overlaps = () => taken.some(({ x, y }) => Math.abs(x - place.x) < card.width + grid && Math.abs(y - place.y) < card.height + grid);
  while (overlaps()) place.y += grid;
  return place;
}

/** Right of a step, where its successor belongs. */
export function placeAfter(state: DataflowState, id: string): Place {
  const place = state.layout[id] ?? { x: 0, y: 0 };
  return freePlace(state, { x: place.x + card.width + gap.column, y: place.y });
}
