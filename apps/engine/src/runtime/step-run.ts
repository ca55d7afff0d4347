import {
  type Access,
  type Batch,
  type Component,
  type Connection,
  type DataRecord,
  type JobInfo,
  type SiteCredentials,
  type StepContext,
  tellRetry,
  withRetries,
} from '#dataflow';
import type { StepAccount } from './accounts.ts';
import type { RecordBudget } from './budget.ts';
import type { Outlet } from './outlet.ts';
import type { PlannedStep } from './plan.ts';
import type { Trace } from './trace.ts';

/** What all steps of one run share. */
export interface RunScope {
  job: JobInfo;
  site: SiteCredentials | undefined;
  access: Access;
  signal: AbortSignal;
  trace: Trace;
  spoolFolder: string;
  fill(text: string): string;
  /** Cuts batches at the job's record limit. */
  budget: RecordBudget;
}

/** One step at work: what comes in, what goes out, what is counted. */
export interface StepRun {
  step: PlannedStep;
  account: StepAccount;
  outlet: Outlet;
}

type Connects = { connect?(params: Record<string, unknown>, ctx: StepContext): Promise<Connection> };

/** The context of a step, its connection opened; disposing closes it. */
export async function openStep(
  scope: RunScope,
  { step, account, outlet }: StepRun,
): Promise<{ ctx: StepContext<Record<string, unknown>, Connection>; [Symbol.asyncDispose](): Promise<void> }> {
  const log = scope.trace.log(step.id);
  const { job, site, access, signal, spoolFolder, fill } = scope;
  const ctx = {
    step: step.id,
    params: step.params,
    job,
    site,
    access,
    signal,
    log,
    spoolFolder,
    fill,
    expect: (total: number) => account.expect(total),
    reject: (record: DataRecord, error: unknown) => outlet.reject(record, error),
  };
  const component = step.component as Component & Connects;
  let connection: Connection | undefined;
  if (component.connect) {
    const connect = () => (component as Connects).connect?.(step.params, ctx as unknown as StepContext) as Promise<Connection>;
    const end = account.clock.begin();
    connection = await withRetries(connect, { signal, onRetry: tellRetry(log) }).finally(end);
  }
  return {
    ctx: { ...ctx, connection: connection as Connection },
    [Symbol.asyncDispose]: async () => connection?.[Symbol.asyncDispose](),
  };
}

/** Counts what a step takes. */
export async function* countedBatches(batches: AsyncIterable<Batch>, account: StepAccount): AsyncGenerator<Batch, void, void> {
  for await (const batch of batches) {
    account.input += batch.size;
    yield batch;
  }
}
