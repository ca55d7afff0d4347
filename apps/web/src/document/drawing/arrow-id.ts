import type { Arrow } from '@idsync/engine/dataflow';

/** Canvas ids are put into selectors by the drawing library; step ids may hold quotes and blanks. */
export const nodeId = (step: string): string => encodeURIComponent(step);
export const stepOfNode = (id: string): string => decodeURIComponent(id);

/** Names one arrow: the same step may be named twice, and by both paths. */
export const arrowId = ({ from, path, to, index }: Arrow): string => [from, path, to, String(index)].map(encodeURIComponent).join('/');
