import { graphlib, layout as placeGraph } from '@dagrejs/dagre';
import { type DataflowDocument, type DataflowState, graphOf, type Layout } from '@idsync/engine/dataflow';
import { card, gap, snap } from './measures.ts';

/** A place for every step, left to right along the arrows, success paths above error paths. `column` lies between two columns. */
export function autoLayout(document: DataflowDocument, column: number = gap.column): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', ranksep: column, nodesep: gap.row });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of document.steps) graph.setNode(step.id, { width: card.width, height: card.height });
  for (const arrow of graphOf(document).arrows)
    if (graph.hasNode(arrow.to))
      graph.setEdge(arrow.from, arrow.to, { weight: arrow.path === 'next' ? 2 : 1 }, `${arrow.path}:${arrow.index}`);
  placeGraph(graph);
  const centre = (id: string) => graph.node(id) as { x: number; y: number };
  const sign = errorPathsRise(document, centre) ? -1 : 1;
  return Object.fromEntries(
    document.steps.map(({ id }) => {
      const { x, y } = centre(id);
      return [id, { x: snap(x - card.width / 2), y: snap(sign * y - card.height / 2) }];
    }),
  );
}

/** True when more error paths lead up than down, so that the drawing reads better upside down. */
function errorPathsRise(document: DataflowDocument, centre: (id: string) => { y: number }): boolean {
  const { arrows } = graphOf(document);
  const lean = (path: 'next' | 'error') =>
    arrows.filter((arrow) => arrow.path === path).reduce((sum, { from, to }) => sum + Math.sign(centre(to).y - centre(from).y), 0);
  return lean('error') < 0 && lean('error') < lean('next');
}

/** The state with a place for each step: those it has are kept, and when none has one the whole flow is laid out. */
export function completeLayout(state: DataflowState): DataflowState {
  const missing = state.document.steps.filter((step) => !state.layout[step.id]);
  if (missing.length === 0) return state;
  const laidOut = autoLayout(state.document);
  if (missing.length === state.document.steps.length) return { ...state, layout: laidOut };
  const lowest = Math.max(0, ...Object.values(state.layout).map(({ y }) => y + card.height + gap.row));
  const top = Math.min(...missing.map(({ id }) => laidOut[id]?.y ?? 0));
  const placed = missing.map(({ id }) => [id, { x: laidOut[id]?.x ?? 0, y: snap((laidOut[id]?.y ?? 0) - top + lowest) }] as const);
  return { ...state, layout: { ...state.layout, ...Object.fromEntries(placed) } };
}
