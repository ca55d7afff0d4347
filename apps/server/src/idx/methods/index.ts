import { createDataflow, createDataflowDraft } from './create-dataflow.ts';
import { cancelJob, getJobStatus, runTest } from './jobs.ts';
import type { IdxMethod } from './method.ts';
import { createScheduling, deleteScheduling, getScheduling, setScheduling } from './schedulings.ts';
import { search } from './search.ts';
import { setDataflow, setDataflowDraft } from './set-dataflow.ts';
import { deleteDataflow, getDataflow, validateDataflow } from './use-dataflow.ts';

/** Every method of the API: the eleven of the original, and four that its console needed. */
export const idxMethods: readonly IdxMethod[] = [
  createDataflow,
  getDataflow,
  setDataflow,
  deleteDataflow,
  createDataflowDraft,
  setDataflowDraft,
  createScheduling,
  getScheduling,
  setScheduling,
  deleteScheduling,
  search,
  cancelJob,
  runTest,
  getJobStatus,
  validateDataflow,
];
