import type { FitViewOptions } from '@xyflow/react';
import { card } from '../../document/drawing/measures.ts';
import type { StepNode } from '../../document/drawing/projection.ts';
import type { Canvas } from './studio-context.ts';

/** Smallest zoom at which a card can still be read. */
const legible = 0.6;
/** The zoom of a flow that is too wide to be shown whole. */
const comfortable = 0.85;
const margin = 32;

/** The whole flow, clear of what floats over the canvas: the connector types above, the tools below. */
export const wholeFlow: FitViewOptions<StepNode> = { padding: { x: '24px', top: '72px', bottom: '88px' }, maxZoom: 1 };

/** The whole flow when its cards can be read that way, else its beginning at a size that can be read. */
export async function showBeginning(canvas: Canvas): Promise<void> {
  const nodes = canvas.getNodes();
  if (nodes.length === 0) return;
  await canvas.fitView(wholeFlow);
  if (canvas.getZoom() >= legible) return;
  const left = Math.min(...nodes.map(({ position }) => position.x));
  const first = nodes.filter(({ position }) => position.x < left + card.width);
  const middle = first.reduce((sum, { position }) => sum + position.y + card.height / 2, 0) / first.length;
  const height = document.querySelector('.react-flow')?.clientHeight ?? 0;
  await canvas.setViewport({ x: margin - left * comfortable, y: height / 2 - middle * comfortable, zoom: comfortable });
}
