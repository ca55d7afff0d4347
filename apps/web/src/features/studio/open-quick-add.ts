import { card } from '../../document/drawing/measures.ts';
import { placeAfter } from '../../document/new-step.ts';
import type { CommandContext } from './commands.ts';

/** Opens the small palette beside the selected step, or in the middle of an empty canvas. */
export function openQuickAdd({ store, studio }: CommandContext): void {
  const { history, selection } = store.getState();
  const after = selection.steps[0];
  const place = after === undefined ? { x: 0, y: 0 } : placeAfter(history.state, after);
  const anchor =
    after === undefined ? place : { x: (history.state.layout[after]?.x ?? 0) + card.width + 16, y: history.state.layout[after]?.y ?? 0 };
  const at = studio.canvas?.flowToScreenPosition(anchor) ?? { x: 0, y: 0 };
  studio.setQuickAdd({ at, place, after: after === undefined ? undefined : { step: after, path: 'next' } });
}
