import type { DataRecord, Json } from './json.ts';

/** One use of a component. Keys the product does not know are kept. */
export type Step = {
  /** Unique within the flow; may hold blanks and signs. */
  id: string;
  /** Component id as written; see `findComponent` for the spellings that are understood. */
  type: string;
  params?: DataRecord | null;
  /** Ids of the steps on the success path. */
  next?: string[] | null;
  /** Ids of the steps that failed records go to. */
  error?: string[] | null;
  [unknown: string]: Json | undefined;
};

/** The JSON people write, import and export. The order of steps has no meaning; keys the product does not know are kept. */
export type DataflowDocument = {
  id?: string | null;
  name?: string | null;
  description?: string | null;
  steps: Step[];
  [unknown: string]: Json | Step[] | undefined;
};

/** Params of a step; absent and null mean none. */
export const paramsOf = (step: Step): DataRecord => step.params ?? {};

/** A document without steps. */
export const emptyDocument = (name = ''): DataflowDocument => ({ name, description: '', steps: [] });
