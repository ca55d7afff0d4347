import {
  Batch,
  CancelledError,
  ConfigError,
  type DataRecord,
  FatalError,
  JsonLines,
  type RowFacts,
  type RowResult,
  type RowResults,
} from '#dataflow';
import { callLimitMs, type HostReply, type IsolateOutput } from './host/protocol.ts';
import { ScriptHost } from './script-host.ts';
import { defaultLimits, type ScriptLimits, type ScriptOptions, type ScriptOutput, type ScriptSession } from './types.ts';

/** Milliseconds the process is given beyond a script's own limit before it is ended from outside. */
const graceMs = 3_000;

interface Pending {
  /** The batch as it was sent; a failed record goes to the error path from here. */
  batch: Batch;
  count: number;
  resolve(output: ScriptOutput): void;
  reject(error: Error): void;
}

const lastCall = Buffer.from('[null]');

const outputOf = (batch: Batch, { failed, filtered, log }: Omit<ScriptOutput, 'batch' | 'results'>): ScriptOutput => ({
  batch,
  get results() {
    return batch.records;
  },
  failed,
  filtered,
  log,
});
const emptyOutput = (): ScriptOutput => outputOf(Batch.of([]), { failed: [], filtered: 0, log: [] });

/** Opens a script: loads it in the job's script process. Throws ConfigError when the source does not load. */
export async function openScript(options: ScriptOptions): Promise<ScriptSession> {
  if (options.signal?.aborted) throw new CancelledError();
  const session = new Session(options);
  try {
    await session.ready;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return session;
}

/** Batches go out as they come and are answered in order; the watchdog looks at the oldest one. */
class Session implements ScriptSession {
  readonly ready: Promise<void>;
  readonly #options: ScriptOptions;
  readonly #limits: ScriptLimits;
  readonly #host: ScriptHost;
  readonly #session: number;
  readonly #opened = Promise.withResolvers<void>();
  readonly #onAbort = () => void this.#close(new CancelledError());
  #pending: Pending[] = [];
  #watchdog: NodeJS.Timeout | undefined;
  #ended: Error | undefined;
  #takesRows = false;
  /** The facts sent last, and their text. */
  #facts: RowFacts | undefined;
  #factsText = '';

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.ready = this.#opened.promise;
    const listener = {
      onReply: (reply: HostReply, body: Uint8Array) => this.#onReply(reply, body),
      onEnd: (error: Error) => this.#end(error),
    };
    ({ host: this.#host, session: this.#session } = ScriptHost.join(options.ctx.jobId, listener));
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#host.send({ type: 'open', session: this.#session, source: options.source, ctx: options.ctx, limits: this.#limits });
    this.#watch(callLimitMs(this.#limits, 0) + 10_000);
  }

  process(records: DataRecord[]): Promise<ScriptOutput> {
    return this.processBatch(Batch.of(records));
  }

  processBatch(batch: Batch): Promise<ScriptOutput> {
    return batch.size === 0 ? Promise.resolve(emptyOutput()) : this.#send(batch);
  }

  finish(): Promise<ScriptOutput> {
    return this.#options.notifyLastRecord ? this.#send(Batch.of([])) : Promise.resolve(emptyOutput());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close(new CancelledError('The script was closed.'));
  }

  #send(batch: Batch): Promise<ScriptOutput> {
    if (this.#ended) return Promise.reject(this.#ended);
    const { promise, resolve, reject } = Promise.withResolvers<ScriptOutput>();
    const count = batch.size || 1;
    this.#pending.push({ batch, count, resolve, reject });
    if (this.#pending.length === 1) this.#watchOldest();
    if (!this.#sendRows(batch)) {
      const { columns, json } = bodyOf(batch);
      this.#host.send({ type: 'batch', session: this.#session, count, ...(columns ? { columns } : {}) }, json);
    }
    return promise;
  }

  /** Rows go as the bytes they are, as long as the script is content with single fields. */
  #sendRows({ rows, size }: Batch): boolean {
    const text = this.#takesRows && size > 0 ? rows?.toText() : undefined;
    if (!text) return false;
    if (this.#facts !== text.facts) this.#factsText = JSON.stringify(text.facts);
    this.#facts = text.facts;
    const about = `${text.base}\n${this.#factsText}\n${text.values}`;
    const bounds = new Uint8Array(text.bounds.buffer, text.bounds.byteOffset, text.bounds.byteLength);
    const { marks } = text;
    const head = { session: this.#session, count: size, about, bounds: bounds.length, marks: marks.length };
    this.#host.send({ type: 'rows', ...head }, bounds, marks, text.text);
    return true;
  }

  #onReply(reply: HostReply, body: Uint8Array): void {
    if (reply.type === 'ready') {
      clearTimeout(this.#watchdog);
      this.#takesRows = reply.rows;
      this.#opened.resolve();
    } else if (reply.type === 'refused') this.#end(this.#refusal(reply.failure));
    else if (reply.type === 'alive') this.#watchOldest();
    else if (reply.type === 'fatal') this.#end(new FatalError(reply.message, { code: 'scriptLimit' }));
    else if (reply.type === 'done') {
      if (reply.whole) this.#takesRows = false;
      this.#settle(body);
    }
  }

  #settle(text: Uint8Array): void {
    const oldest = this.#pending.shift();
    this.#watchOldest();
    if (!oldest) return;
    try {
      const { output, whole } = readOutput(text, oldest.batch);
      if (whole) this.#takesRows = false;
      oldest.resolve(output);
    } catch (error) {
      oldest.reject(
        new FatalError('The script broke its own surroundings: its answer cannot be read.', { code: 'scriptFailed', cause: error }),
      );
    }
  }

  #refusal({ message, line, column }: { message: string; line?: number; column?: number }): ConfigError {
    const details = line === undefined ? {} : { line, column: column ?? 1 };
    return new ConfigError(`The script does not load. ${message}`, {
      code: 'scriptFailed',
      step: this.#options.ctx.stepId,
      field: 'params.script',
      details,
    });
  }

  #watchOldest(): void {
    clearTimeout(this.#watchdog);
    const oldest = this.#pending[0];
    if (oldest) this.#watch(callLimitMs(this.#limits, oldest.count) + graceMs);
  }

  #watch(ms: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      const text = `The script did not stop when its time was over (${ms} ms); its process was ended. It may use far too much time or memory.`;
      void this.#host.kill(new FatalError(text, { code: 'scriptLimit', details: { step: this.#options.ctx.stepId } }));
    }, ms);
  }

  async #close(error: Error): Promise<void> {
    this.#end(error);
    await this.#host.leave(this.#session);
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    clearTimeout(this.#watchdog);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    const pending = this.#pending;
    this.#pending = [];
    // Rejecting `ready` after it was resolved does nothing.
    this.#opened.reject(error);
    this.ready.catch(() => undefined);
    for (const { reject } of pending) reject(error);
  }
}

/** The batch as the script process takes it: rows give their values alone, which are less than half of the text. */
function bodyOf(batch: Batch): { json: Uint8Array; columns?: string[] } {
  if (batch.size === 0) return { json: lastCall };
  const { rows } = batch;
  const json = rows && rows.columns.length > 0 ? rows.valuesToJson() : undefined;
  return json && rows ? { json, columns: rows.columns.map(({ name }) => name) } : { json: batch.toJson() };
}

const isRecord = (value: unknown): value is DataRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The isolate's answer is text written beside the user's code, so its shape is checked before anyone relies on it. */
function readOutput(text: Uint8Array, batch: Batch): { output: ScriptOutput; whole: boolean } {
  const headEnd = text.indexOf(10);
  const head = Buffer.from(text.buffer, text.byteOffset, Math.max(0, headEnd)).toString();
  const { failed, filtered, log, rows, whole } = JSON.parse(head) as IsolateOutput;
  // Before a record of the batch is decoded, with which its rows are let go.
  const kept = rows ? keptRows(rows, batch) : Batch.ofLines(JsonLines.of(text.subarray(headEnd + 1)));
  const failures = failed.map(({ index, record, ...error }) => {
    const failedRecord = record ?? batch.slice(index, index + 1).records[0] ?? {};
    if (!isRecord(failedRecord)) throw new TypeError('A failed record is not a record.');
    return { record: failedRecord, error };
  });
  return { output: outputOf(kept, { failed: failures, filtered, log }), whole: whole === true };
}

const isNumbers = (list: unknown, limit: number): list is number[] =>
  Array.isArray(list) && list.every((at, i) => Number.isInteger(at) && at >= 0 && at < limit && (i === 0 || at > (list[i - 1] as number)));

function keptRows({ kept, columns }: RowResults, { rows, size: all }: Batch): Batch {
  if (!rows || (kept !== undefined && !isNumbers(kept, all))) throw new TypeError('The rows that go on are not rows of the batch.');
  const size = kept?.length ?? all;
  const fits = ({ name, values, same, gone }: RowResult) =>
    typeof name === 'string' && Array.isArray(values) && values.length === size && isNumbers(same, size) && isNumbers(gone, size);
  if (!Array.isArray(columns) || !columns.every(fits)) throw new TypeError('The changes of the rows are not one for each row.');
  return size === 0 ? Batch.of([]) : Batch.ofRows(rows.withResults({ kept, columns }));
}
