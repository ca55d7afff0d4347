import type { DataflowDocument } from './document.ts';

/** Where steps stand on the canvas, by step id. */
export type Layout = Record<string, { x: number; y: number }>;

/** What the studio edits and an undo list goes back and forth between. Never changed in place; states share what they have in common. */
export interface DataflowState {
  document: DataflowDocument;
  layout: Layout;
}

/** The two ends of an arrow and the path it stands for. */
export interface ArrowEnds {
  from: string;
  to: string;
  path: 'next' | 'error';
}
