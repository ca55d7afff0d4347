import type { ReactFlowState } from '@xyflow/react';
import { farZoom } from './measures.ts';

/** Seen from so far that small print could not be read. For `useStore`. */
export const isFar = ({ transform }: Pick<ReactFlowState, 'transform'>): boolean => transform[2] < farZoom;

/** `8,571`, or `1 file` where files are counted. */
export const counted = (count: number, files: boolean): string =>
  `${count.toLocaleString('en')}${files ? (count === 1 ? ' file' : ' files') : ''}`;
