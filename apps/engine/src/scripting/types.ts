import type { Batch, DataRecord, Json } from '#dataflow';

/** Language level a stored script was written for. Both run on the same engine, see `apps/docs/decisions/scripts.md`. */
export type EcmaVersion = '5.1' | '12';

export interface ScriptLimits {
  /** Milliseconds one call may take beside 20 ms for each record of its batch. */
  timeoutMs: number;
  /** Megabytes the script's heap may hold. */
  memoryMb: number;
  /** Characters of JSON (records and log lines) one batch may give back. */
  maxOutputBytes: number;
}

export const defaultLimits: ScriptLimits = { timeoutMs: 5_000, memoryMb: 128, maxOutputBytes: 32 * 1024 * 1024 };

/** Read by scripts as `ctx.jobId`, `ctx.dataflowId`, `ctx.stepId`. */
export interface ScriptContext {
  jobId: string;
  dataflowId: string;
  stepId: string;
}

export interface ScriptOptions {
  /** Plain JavaScript that declares `process`. */
  source: string;
  ecmaVersion: EcmaVersion;
  /** One more call with `record === null` when {@link ScriptSession.finish} is called. */
  notifyLastRecord: boolean;
  ctx: ScriptContext;
  limits?: Partial<ScriptLimits>;
  signal?: AbortSignal;
}

export interface ScriptFailure {
  code: 'scriptFailed' | 'scriptLimit';
  message: string;
  /** 1-based, in the user's source; absent when the fault has no place there. */
  line?: number;
  column?: number;
}

export type ScriptLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ScriptLogLine {
  level: ScriptLogLevel;
  args: Json[];
}

/** What one batch became. */
export interface ScriptOutput {
  /** Records that go on by `next`, in the order they were returned or accepted; still as JSON text. */
  batch: Batch;
  /** The records of `batch`, decoded on first use. */
  readonly results: DataRecord[];
  /** Records for the error path: the input as it came when the script threw, else what it gave to `error.accept`. */
  failed: { record: DataRecord; error: ScriptFailure }[];
  /** Input records from which nothing came. */
  filtered: number;
  log: ScriptLogLine[];
}

/** One script with its state, in order. Two batches in flight keep both processes busy. */
export interface ScriptSession extends AsyncDisposable {
  /** Rejects with FatalError when the script's process or memory is gone, CancelledError after the signal. */
  process(records: DataRecord[]): Promise<ScriptOutput>;
  /** The same, for a batch that need not be decoded. */
  processBatch(batch: Batch): Promise<ScriptOutput>;
  /** The call with `null`, when asked for; else an empty output. */
  finish(): Promise<ScriptOutput>;
}
