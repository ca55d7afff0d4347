import { type DataflowDocument, graphOf } from '@idsync/engine/dataflow';

/** Pixels a drawing needs to be read: a row for each branch, within limits. */
export function drawingHeight(document: DataflowDocument): number {
  const { entryPoints, endPoints } = graphOf(document);
  const rows = Math.max(1, entryPoints.length, endPoints.length);
  return Math.min(480, 104 + rows * 96);
}
