import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findComponent } from '#components';
import { type DataRecord, type JobInfo, type JobSnapshot, parseDocument, type SiteCredentials, type TraceLine } from '#dataflow';
import { openAccess, runDataflow } from '#runtime';
import { fakeJob } from './fake-context.ts';

export interface RealFlowRun {
  snapshot: JobSnapshot;
  trace: TraceLine[];
}

/**
 * Runs a dataflow of the field as it is stored, but for the parameters a published flow does not hold: credentials and the
 * addresses of stand-ins, by step id.
 */
export async function runRealFlow(
  file: string,
  { params, site, job = {} }: { params: Record<string, DataRecord>; site?: SiteCredentials; job?: Partial<JobInfo> },
): Promise<RealFlowRun> {
  const text = readFileSync(path.join(import.meta.dirname, '../dataflow/fixtures/real', file), 'utf8');
  const { document } = parseDocument(text);
  if (!document) throw new Error(`${file} is no dataflow.`);
  const steps = document.steps.map((step) => ({ ...step, params: { ...step.params, ...params[step.id] } }));
  const trace: TraceLine[] = [];
  const snapshot = await runDataflow({
    document: { ...document, steps },
    components: findComponent,
    job: { ...fakeJob, ...job },
    ...(site && { site }),
    logLevel: 'debug',
    access: openAccess(),
    signal: new AbortController().signal,
    onTrace: (line) => trace.push(line),
    onSnapshot: () => undefined,
  });
  return { snapshot, trace };
}
