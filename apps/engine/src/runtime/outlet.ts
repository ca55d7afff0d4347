import { Batch, CancelledError, type DataRecord, errorCodes, errorText, type FlowFile, isStudioError } from '#dataflow';
import type { ArrowAccount, StepAccount } from './accounts.ts';
import type { Channel } from './channel.ts';
import type { Redact } from './redact.ts';
import { type FileItem, fileItem, spoolFile } from './spool.ts';
import type { Trace } from './trace.ts';

/** Records in one batch of the error path. */
const ERROR_BATCH = 256;
/** Lines in the trace for equal errors; the Errors tab counts the rest. */
const TRACED_ERRORS = 3;
/** Records of a batch shown in the trace at level debug. */
const TRACED_RECORDS = 3;

/** One arrow while the job runs. */
export class Edge<T> {
  readonly account: ArrowAccount;
  readonly channel: Channel<T>;
  readonly spooled: boolean;

  constructor(account: ArrowAccount, channel: Channel<T>, spooled: boolean) {
    this.account = account;
    this.channel = channel;
    this.spooled = spooled;
    channel.attach();
  }

  async send(item: T, count: number): Promise<void> {
    this.account.count += count;
    await this.channel.send(item);
  }

  close(): void {
    this.channel.detach();
  }
}

export interface OutletOptions {
  step: string;
  account: StepAccount;
  trace: Trace;
  signal: AbortSignal;
  spoolFolder: string;
  records: Edge<Batch>[];
  files: Edge<FileItem>[];
  errors: Edge<Batch>[];
  /** The arrow to the next step of the same fused stage. */
  fused: ArrowAccount | undefined;
}

/** The way out of one step: hands batches and files to the next steps, each with its own copy, and failed records to the error steps. */
export class Outlet {
  readonly #o: OutletOptions;
  #failed: DataRecord[] = [];

  constructor(options: OutletOptions) {
    this.#o = options;
  }

  /** False when there are next steps and none of them takes anything any more. */
  get wanted(): boolean {
    const edges = [...this.#o.records, ...this.#o.files];
    return edges.length === 0 || edges.some((edge) => edge.channel.wanted);
  }

  async emit(batch: Batch): Promise<void> {
    const { records, account } = this.#o;
    account.output += batch.size;
    if (this.#o.trace.debugging) this.#traceRecords(batch);
    if (batch.size > 0) await sendCopies(records, batch);
    if (this.#failed.length > 0) await this.#flushFailed();
  }

  /** Counts a batch that goes on to the one next step in the same pass, over an arrow without a channel. */
  passFused(batch: Batch): void {
    const { account, fused, trace } = this.#o;
    account.output += batch.size;
    if (fused) fused.count += batch.size;
    if (trace.debugging) this.#traceRecords(batch);
  }

  async emitFile(file: FlowFile): Promise<void> {
    const { files, account, spoolFolder, signal } = this.#o;
    const wanted = files.filter((edge) => edge.channel.wanted);
    const [only] = wanted;
    if (!only) await drain(file);
    else if (wanted.length === 1 && !only.spooled) {
      const item = fileItem(file);
      await only.send(item, 1);
      await orAborted(item.settled, signal);
    } else {
      const items = await spoolFile(file, { folder: spoolFolder, readers: wanted.length });
      await Promise.all(wanted.map((edge, i) => edge.send(items[i] as FileItem, 1)));
    }
    account.output++;
    if (this.#failed.length > 0) await this.#flushFailed();
  }

  /** Takes a failed record for the error path; kept until the next `emit` or `flush`. */
  reject(record: DataRecord, thrown: unknown): void {
    const { account, trace, step, errors } = this.#o;
    const group = account.addFailure(thrown);
    if (group.count <= TRACED_ERRORS) trace.line('WARN', step, `A record failed: ${group.message}`, { errorCode: group.code });
    if (errors.length > 0) this.#failed.push(withErrorDetails(record, thrown, trace.redact));
  }

  async flush(): Promise<void> {
    if (this.#failed.length > 0) await this.#flushFailed();
  }

  close(): void {
    for (const edge of [...this.#o.records, ...this.#o.files, ...this.#o.errors]) edge.close();
  }

  async #flushFailed(): Promise<void> {
    const failed = this.#failed;
    this.#failed = [];
    for (let at = 0; at < failed.length; at += ERROR_BATCH) await sendCopies(this.#o.errors, Batch.of(failed.slice(at, at + ERROR_BATCH)));
  }

  #traceRecords(batch: Batch): void {
    for (const record of batch.records.slice(0, TRACED_RECORDS))
      this.#o.trace.line('DEBUG', this.#o.step, 'Record after this step.', record);
  }
}

async function sendCopies(edges: readonly Edge<Batch>[], batch: Batch): Promise<void> {
  const copies = edges.map((_, i) => (i === edges.length - 1 ? batch : batch.copy()));
  for (const [i, edge] of edges.entries()) await edge.send(copies[i] as Batch, batch.size);
}

/** Adds `_errorDetails` as the original does; a script may have made its own already. A platform's text may repeat what it was sent. */
function withErrorDetails(record: DataRecord, thrown: unknown, redact: Redact): DataRecord {
  if (record._errorDetails !== undefined) return record;
  return {
    ...record,
    _errorDetails: { errorCode: isStudioError(thrown) ? thrown.code : errorCodes.internal, errorMessage: redact(errorText(thrown)) },
  };
}

async function drain(file: FlowFile): Promise<void> {
  for await (const _ of file.read());
}

async function orAborted(done: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new CancelledError();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new CancelledError());
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([done, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
