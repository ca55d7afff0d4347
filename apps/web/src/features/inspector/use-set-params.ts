import type { Step } from '@idsync/engine/dataflow';
import { useDocument } from '../../document/store.ts';

/** Pushes a step's params as one entry of the undo list for each field that is edited. */
export function useSetParams(step: Step) {
  const push = useDocument((open) => open.push);
  return (params: Step['params'], field: string, title: string) =>
    push({ type: 'set-params', id: step.id, params: params ?? {} }, { title: `Change ${title}`, gesture: `params:${step.id}:${field}` });
}
