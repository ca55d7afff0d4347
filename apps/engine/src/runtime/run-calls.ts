import { Batch, type DataRecord, type Lookup, type RecordWriter } from '#dataflow';
import type { Channel } from './channel.ts';
import { withRetries } from './retry.ts';
import { countedBatches, openStep, type RunScope, type StepRun } from './step-run.ts';

export type CallingComponent = Lookup | RecordWriter;

/** Lookups and record writers: batches of the size the target takes, several calls in flight, retries. */
export async function runCalls(
  scope: RunScope,
  run: StepRun & { step: { component: CallingComponent } },
  inlet: Channel<Batch>,
): Promise<void> {
  const { step, account, outlet } = run;
  const { component, params } = step;
  const size = Math.max(1, component.batchSize?.(params) ?? 256);
  const concurrency = Math.max(1, component.concurrency?.(params) ?? 1);
  const done: DataRecord[] = [];
  const calls = new Set<Promise<void>>();
  let failure: unknown;
  let opened: Awaited<ReturnType<typeof openStep>> | undefined;
  const busy = new BusyTime();
  const call = async (records: DataRecord[]) => {
    const { ctx } = opened as NonNullable<typeof opened>;
    busy.begin();
    try {
      const act = () => (component.kind === 'lookup' ? component.lookup(records, ctx) : component.write(records, ctx));
      const passed = await withRetries(act, {
        signal: scope.signal,
        onRetry: (error, pauseMs) => ctx.log.warn(`${error.message} Trying again in ${pauseMs} ms.`, error.details),
      });
      for (const record of passed) done.push(record);
    } catch (thrown) {
      failure ??= thrown ?? new Error('The call failed without a reason.');
    } finally {
      busy.end();
    }
  };
  try {
    for await (const records of rebatched(countedBatches(inlet, account), size)) {
      opened ??= await openStep(scope, run);
      const started: Promise<void> = call(records).finally(() => calls.delete(started));
      calls.add(started);
      if (calls.size >= concurrency) await Promise.race(calls);
      if (failure !== undefined) break;
      if (done.length >= 256) await outlet.emit(Batch.of(done.splice(0)));
      await outlet.flush();
    }
    await Promise.all(calls);
    if (failure !== undefined) throw failure;
    if (done.length > 0) await outlet.emit(Batch.of(done.splice(0)));
    await outlet.flush();
  } finally {
    account.clock.workMs += busy.ms;
    await Promise.allSettled(calls);
    await opened?.[Symbol.asyncDispose]();
  }
}

async function* rebatched(batches: AsyncIterable<Batch>, size: number): AsyncGenerator<DataRecord[], void, void> {
  let waiting: DataRecord[] = [];
  for await (const batch of batches) {
    for (const record of batch.records) {
      waiting.push(record);
      if (waiting.length < size) continue;
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) yield waiting;
}

/** Milliseconds during which at least one call was in flight. */
class BusyTime {
  ms = 0;
  #inFlight = 0;
  #since = 0;

  begin(): void {
    if (this.#inFlight++ === 0) this.#since = performance.now();
  }

  end(): void {
    if (--this.#inFlight === 0) this.ms += performance.now() - this.#since;
  }
}
