import { type Edit, graphOf } from '@idsync/engine/dataflow';
import { arrowId } from '../../document/drawing/arrow-id.ts';
import type { DocumentStore } from '../../document/store.ts';

/** Removes the selected steps and arrows as one entry of the undo list. */
export function removeSelected(store: DocumentStore): void {
  const { history, selection, push } = store.getState();
  const gone = new Set(selection.steps);
  const arrows = graphOf(history.state.document).arrows.filter(
    (arrow) => selection.arrows.includes(arrowId(arrow)) && !gone.has(arrow.from) && !gone.has(arrow.to),
  );
  const edits: Edit[] = arrows.map(({ from, to, path }) => ({ type: 'disconnect', from, to, path }));
  if (gone.size > 0) edits.push({ type: 'remove-steps', ids: [...gone] });
  const [only] = edits;
  if (!only) return;
  const title = gone.size === 0 ? 'Remove arrow' : gone.size === 1 ? `Delete ${[...gone][0]}` : `Delete ${gone.size} steps`;
  push(edits.length === 1 ? only : { type: 'all', edits }, { title });
}
