import { Batch, type DataRecord, JsonLines, type Lookup, type RecordWriter, RetryableError, tellRetry, withRetries } from '#dataflow';
import type { Channel } from './channel.ts';
import { countedBatches, openStep, type RunScope, type StepRun } from './step-run.ts';

/** Records that went through are sent on when a batch of them has come together. */
const BATCH = 256;

type CallingRun = StepRun & { step: { component: Lookup | RecordWriter } };

/** Lookups and record writers: batches of the size the target takes, several calls in flight, retries. */
export async function runCalls(scope: RunScope, run: CallingRun, inlet: Channel<Batch>): Promise<void> {
  const { component, params } = run.step;
  const size = Math.max(1, component.batchSize?.(params) ?? BATCH);
  const calls = new Calls(Math.max(1, component.concurrency?.(params) ?? 1));
  let opened: Awaited<ReturnType<typeof openStep>> | undefined;
  const send = async (atLeast: number) => {
    for (const lines of calls.passedLines.splice(0)) await run.outlet.emit(lines);
    if (calls.passed.length >= atLeast) await run.outlet.emit(Batch.of(calls.passed.splice(0)));
    await run.outlet.flush();
  };
  try {
    for await (const batch of rebatched(countedBatches(inlet, run.account), size)) {
      opened ??= await openStep(scope, run);
      const call = caller(scope, run, opened.ctx);
      await calls.start(() => call(batch));
      await send(BATCH);
    }
    await calls.finish();
    await send(1);
    const { account } = run;
    if (component.kind === 'lookup' && component.multiplies)
      account.filtered = Math.max(0, account.input - account.output - account.failed);
  } finally {
    await calls.settle();
    await opened?.[Symbol.asyncDispose]();
  }
}

/**
 * One call of the component, timed while at least one is in flight, repeated where that is allowed. Resolves to the records
 * that went through: none when the tries are used up for a fault that may be theirs.
 */
function caller(scope: RunScope, { step: { component }, account, outlet }: CallingRun, ctx: Awaited<ReturnType<typeof openStep>>['ctx']) {
  return (batch: Batch): Promise<Batch> => {
    const act = async () => {
      if (component.kind === 'lookup') return Batch.of(await component.lookup(batch.records, ctx));
      const { lines } = batch;
      return (lines && (await component.writeLines?.(lines, ctx))) ?? Batch.of(await component.write(batch.records, ctx));
    };
    const end = account.clock.beginShared();
    return withRetries(act, { signal: scope.signal, onRetry: tellRetry(ctx.log) })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof RetryableError && thrown.ofRecords) || scope.signal.aborted) throw thrown;
        for (const record of batch.records) outlet.reject(record, thrown);
        return Batch.of([]);
      })
      .finally(end);
  };
}

/** Calls in flight, no more than allowed at a time. The first failure is thrown to whoever starts or finishes next. */
class Calls {
  /** Records that went through, in the order their calls ended. */
  readonly passed: DataRecord[] = [];
  /** The same of those that are not parsed. */
  readonly passedLines: Batch[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #most: number;
  #failure: { thrown: unknown } | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  async start(call: () => Promise<Batch>): Promise<void> {
    const started: Promise<void> = call()
      .then(
        (batch) => {
          if (batch.lines) this.passedLines.push(batch);
          else for (const record of batch.records) this.passed.push(record);
        },
        (thrown: unknown) => {
          this.#failure ??= { thrown };
        },
      )
      .finally(() => this.#inFlight.delete(started));
    this.#inFlight.add(started);
    if (this.#inFlight.size >= this.#most) await Promise.race(this.#inFlight);
    if (this.#failure) throw this.#failure.thrown;
  }

  async finish(): Promise<void> {
    await this.settle();
    if (this.#failure) throw this.#failure.thrown;
  }

  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
  }
}

/** The same records in batches of a size. Lines stay lines where a batch has nothing else. */
async function* rebatched(batches: AsyncIterable<Batch>, size: number): AsyncGenerator<Batch, void, void> {
  let waiting: Batch[] = [];
  let count = 0;
  for await (const batch of batches) {
    let at = 0;
    while (batch.size - at >= size - count) {
      const missing = size - count;
      yield joined([...waiting, missing === batch.size ? batch : batch.slice(at, at + missing)]);
      at += missing;
      waiting = [];
      count = 0;
    }
    if (at === batch.size) continue;
    waiting.push(at === 0 ? batch : batch.slice(at, batch.size));
    count += batch.size - at;
  }
  if (count > 0) yield joined(waiting);
}

function joined(parts: readonly Batch[]): Batch {
  const lines = parts.map((part) => part.lines).filter((part) => part !== undefined);
  if (lines.length === parts.length) return Batch.ofLines(JsonLines.join(lines));
  const records: DataRecord[] = [];
  for (const part of parts) for (const record of part.records) records.push(record);
  return Batch.of(records);
}
