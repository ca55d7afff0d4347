import type { Layout } from '@idsync/engine/dataflow';
import type { EdgeChange, NodeChange } from '@xyflow/react';
import { useCallback, useState } from 'react';
import { stepOfNode } from '../../document/drawing/arrow-id.ts';
import type { ArrowEdge, StepNode } from '../../document/drawing/projection.ts';
import { documentStore } from '../../document/store.ts';

/** The list with each change taken in; the same list when nothing changed. */
function changed(list: readonly string[], changes: readonly { id: string; selected: boolean }[]): readonly string[] {
  const next = new Set(list);
  for (const { id, selected } of changes) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  return [...next];
}

const selectionsOf = (changes: readonly (NodeChange<StepNode> | EdgeChange<ArrowEdge>)[]) =>
  changes.filter((change) => change.type === 'select');

/** Selection goes to the store at once; moves stay here while the pointer is down and become one edit when it lets go. */
export function useCanvasChanges() {
  const [moved, setMoved] = useState<Layout>();

  const onNodesChange = useCallback((changes: NodeChange<StepNode>[]) => {
    const { selection, select, push, history } = documentStore.getState();
    const selected = selectionsOf(changes).map((change) => ({ id: stepOfNode(change.id), selected: change.selected }));
    if (selected.length > 0) select({ ...selection, steps: changed(selection.steps, selected) });
    const moves = changes.filter((change) => change.type === 'position' && change.position !== undefined);
    if (moves.length === 0) return;
    const positions: Layout = Object.fromEntries(
      moves.map((change) => [
        stepOfNode('id' in change ? change.id : ''),
        (change.type === 'position' && change.position) || { x: 0, y: 0 },
      ]),
    );
    if (moves.some((change) => change.type === 'position' && change.dragging)) return setMoved((before) => ({ ...before, ...positions }));
    setMoved(undefined);
    const { layout } = history.state;
    const real = Object.entries(positions).filter(([id, { x, y }]) => layout[id]?.x !== x || layout[id]?.y !== y);
    if (real.length > 0)
      push(
        { type: 'move-steps', positions: Object.fromEntries(real) },
        { title: real.length === 1 ? `Move ${real[0]?.[0]}` : `Move ${real.length} steps` },
      );
  }, []);

  const onEdgesChange = useCallback((changes: EdgeChange<ArrowEdge>[]) => {
    const { selection, select } = documentStore.getState();
    const selected = selectionsOf(changes).map(({ id, selected }) => ({ id, selected }));
    if (selected.length > 0) select({ ...selection, arrows: changed(selection.arrows, selected) });
  }, []);

  const selectOnly = useCallback((id: string) => documentStore.getState().select({ steps: [id] }), []);

  return { moved, onNodesChange, onEdgesChange, selectOnly };
}
