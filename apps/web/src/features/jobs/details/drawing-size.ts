import { type DataflowDocument, graphOf } from '@idsync/engine/dataflow';

/** Pixels a drawing needs to be read: a row for each branch and a column for each step of the longest way through. */
export function drawingSize(document: DataflowDocument): { height: number; minWidth: number } {
  const { arrows, order, entryPoints, endPoints } = graphOf(document);
  const depth = new Map<string, number>();
  for (const id of order) {
    const before = arrows.filter((arrow) => arrow.to === id).map((arrow) => depth.get(arrow.from) ?? 0);
    depth.set(id, 1 + Math.max(0, ...before));
  }
  const rows = Math.max(1, entryPoints.length, endPoints.length, ...widths(depth));
  return { height: Math.min(480, 72 + rows * 112), minWidth: Math.max(0, ...depth.values()) * 152 };
}

/** How many steps stand in each column. */
const widths = (depth: ReadonlyMap<string, number>): number[] =>
  [...Map.groupBy(depth.values(), (column) => column).values()].map((own) => own.length);
