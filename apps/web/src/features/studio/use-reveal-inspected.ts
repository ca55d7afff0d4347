import type { Viewport } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { card } from '../../document/drawing/measures.ts';
import { documentStore, useDocument } from '../../document/store.ts';
import { type Canvas, useStudio } from './studio-context.ts';

const margin = 24;
/** A step that somebody works on is not left smaller than this. */
const readable = 0.7;

/** Pans until the step's card is in sight, with what floats over the canvas left out; does nothing when it is. */
export async function reveal(canvas: Canvas, step: string): Promise<void> {
  const place = documentStore.getState().history.state.layout[step];
  const view = document.querySelector('[data-testid="canvas"] .react-flow')?.getBoundingClientRect();
  if (!place || !view) return;
  const from = canvas.flowToScreenPosition(place);
  const to = canvas.flowToScreenPosition({ x: place.x + card.width, y: place.y + card.height });
  const inSight =
    from.x >= view.left + margin && to.x <= view.right - margin && from.y >= view.top + margin && to.y <= view.bottom - margin;
  if (inSight) return;
  const middle = { x: place.x + card.width / 2, y: place.y + card.height / 2 };
  await canvas.setCenter(middle.x, middle.y, { zoom: Math.max(readable, canvas.getZoom()), duration: 160 });
}

/**
 * Keeps the step whose parameters open in sight when the panel takes room from the canvas; when it closes, the canvas goes
 * back to where it was, unless somebody has moved it meanwhile.
 */
export function useRevealInspected(): void {
  const { canvas } = useStudio();
  const inspected = useDocument((open) => open.inspected?.step);
  const before = useRef<{ view: Viewport; revealed: Viewport }>(undefined);
  useEffect(() => {
    if (!canvas) return;
    if (inspected === undefined) {
      const last = before.current;
      before.current = undefined;
      if (last && isSame(canvas.getViewport(), last.revealed)) void canvas.setViewport(last.view, { duration: 160 });
      return;
    }
    // The panel takes its room in this frame; the canvas has its new size in the next.
    const frame = requestAnimationFrame(async () => {
      const view = canvas.getViewport();
      await reveal(canvas, inspected);
      const revealed = canvas.getViewport();
      if (!isSame(view, revealed)) before.current = { view: before.current?.view ?? view, revealed };
    });
    return () => cancelAnimationFrame(frame);
  }, [canvas, inspected]);
}

const isSame = (a: Viewport, b: Viewport) => Math.hypot(a.x - b.x, a.y - b.y) < 1 && Math.abs(a.zoom - b.zoom) < 0.001;
