import { card } from '../../document/drawing/measures.ts';
import type { Canvas } from './studio-context.ts';

const legible = 0.7;
const margin = 48;

/** The whole flow when its cards can be read that way, else its beginning at a size that can be read. */
export async function showBeginning(canvas: Canvas): Promise<void> {
  const nodes = canvas.getNodes();
  if (nodes.length === 0) return;
  await canvas.fitView({ padding: 0.15, maxZoom: 1 });
  if (canvas.getZoom() >= legible) return;
  const left = Math.min(...nodes.map(({ position }) => position.x));
  const first = nodes.filter(({ position }) => position.x < left + card.width);
  const middle = first.reduce((sum, { position }) => sum + position.y + card.height / 2, 0) / first.length;
  const height = document.querySelector('.react-flow')?.clientHeight ?? 0;
  await canvas.setViewport({ x: margin - left * legible, y: height / 2 - middle * legible, zoom: legible });
}
