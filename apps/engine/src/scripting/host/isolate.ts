import { setFlagsFromString } from 'node:v8';
import ivm from 'isolated-vm';
import { inferType } from '#formats/dsv/infer-type.ts';
import type { ScriptContext, ScriptFailure, ScriptLimits } from '../types.ts';
import { createHarness, type Harness } from './harness.ts';
import { createLegacyRecords } from './legacy-record.ts';
import { callLimitMs, type IsolateSettings } from './protocol.ts';
import { createRowBatches } from './row-batch.ts';
import { createRowSources } from './row-source.ts';

/** Records that may run out of time before the whole script is given up. */
const timeOutsAllowed = 3;

/** The script can go on no longer: its memory is gone, or it ran out of time too often. */
export class ScriptGone extends Error {}

/** The source could not be loaded. */
export class ScriptRefused extends Error {
  readonly failure: ScriptFailure;
  constructor(failure: ScriptFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

type Method = 'run' | 'runRows' | 'skip' | 'settle';
type Argument = string | ivm.Copy<ArrayBuffer>;
type TextCall = ivm.Reference<(...texts: Argument[]) => string>;

/** The text of a JSON array: of `count` records, or of their values when their `columns` are given. */
export interface IsolateBatch {
  json: string;
  count: number;
  columns?: readonly string[] | undefined;
}

/** Rows of a delimited file; see {@link RowBatches}. */
export interface IsolateRows {
  text: string;
  bounds: Uint8Array;
  marks: Uint8Array;
  about: string;
  count: number;
}

/** A part of the heap beyond which no more rows are to come. */
const rowsHeapShare = 0.5;

const isTimeOut = (thrown: unknown) => thrown instanceof Error && /timed out/i.test(thrown.message);

/** A copy of the bytes that the isolate may have for itself. */
const handOver = (bytes: Uint8Array): ivm.Copy<ArrayBuffer> =>
  new ivm.ExternalCopy(new Uint8Array(bytes).buffer, { transferOut: true }).copyInto({ release: true, transferIn: true });

/** One user script in an isolate of its own. Batches are handled one after the other. */
export class ScriptIsolate {
  readonly #isolate: ivm.Isolate;
  readonly #limits: ScriptLimits;
  #calls: Record<Method, TextCall> | undefined;
  #timeOuts = 0;

  constructor(limits: ScriptLimits) {
    this.#limits = limits;
    this.#isolate = new ivm.Isolate({
      memoryLimit: limits.memoryMb,
      // V8 cannot go on after this, and process.exit() would wait for its thread for ever.
      onCatastrophicError: () => process.kill(process.pid, 'SIGKILL'),
    });
  }

  /** Loads the source: its top level runs here. Throws {@link ScriptRefused}. */
  async load(source: string, ctx: ScriptContext): Promise<{ rows: boolean }> {
    // The harness takes gc() and hides it: other code of the context never sees it.
    setFlagsFromString('--expose-gc');
    const context = this.#isolate.createContextSync();
    setFlagsFromString('--no-expose-gc');
    const settings: IsolateSettings = { ctx, maxOutputBytes: this.#limits.maxOutputBytes };
    const harness: ivm.Reference<Harness> = await context.evalClosure(
      `return (${createHarness})($0, (${createLegacyRecords})(), (${createRowBatches})((${createRowSources})(${inferType})));`,
      [JSON.stringify(settings)],
      {
        result: { reference: true },
      },
    );
    try {
      const script = await this.#isolate.compileScript(source, { filename: 'script.js' });
      await script.run(context, { timeout: this.#limits.timeoutMs });
    } catch (thrown) {
      throw new ScriptRefused(this.#loadFailure(thrown));
    }
    // `process` may be a function, a var, a const or a let; only code of the same realm sees all of them.
    const bound = await context.evalClosure(`return $0.bind(typeof process === 'undefined' ? undefined : process);`, [harness.derefInto()]);
    if (bound !== true) throw new ScriptRefused({ code: 'scriptFailed', message: 'The script declares no function named process.' });
    const call = (name: Method) => harness.get(name, { reference: true }) as Promise<TextCall>;
    this.#calls = { run: await call('run'), runRows: await call('runRows'), skip: await call('skip'), settle: await call('settle') };
    return { rows: !(await context.evalClosure('return $0.isLegacy();', [harness.derefInto()])) };
  }

  /** @param onTimeOut called when a record ran out of time and the rest of the batch gets a fresh clock */
  run({ json, count, columns }: IsolateBatch, onTimeOut: () => void): Promise<string> {
    return this.#call('run', { texts: [json, columns ? JSON.stringify(columns) : ''], count }, onTimeOut);
  }

  /** The same for rows that stay text. */
  runRows({ text, bounds, marks, about, count }: IsolateRows, onTimeOut: () => void): Promise<string> {
    return this.#call('runRows', { texts: [text, handOver(bounds), handOver(marks), about], count }, onTimeOut);
  }

  /** Whether records that the script keeps, and with them the text of their rows, fill much of its memory. */
  async isFilling(): Promise<boolean> {
    if (this.#isolate.isDisposed) return false;
    const { used_heap_size: used, externally_allocated_size: outside } = await this.#isolate.getHeapStatistics();
    return used + outside > this.#limits.memoryMb * 1024 * 1024 * rowsHeapShare;
  }

  async #call(method: 'run' | 'runRows', { texts, count }: { texts: Argument[]; count: number }, onTimeOut: () => void): Promise<string> {
    const timeout = callLimitMs(this.#limits, count);
    let answer = await this.#attempt(method, texts, timeout);
    while (answer === undefined) {
      this.#timeOuts++;
      if (this.#timeOuts >= timeOutsAllowed) {
        throw new ScriptGone(
          `The script ran out of time (${timeout} ms) on ${timeOutsAllowed} records. Look for a loop that does not end.`,
        );
      }
      onTimeOut();
      answer = await this.#attempt('skip', [`The script ran out of time on this record (${timeout} ms for its batch).`], timeout);
      if (answer === '') throw new ScriptGone(`The script's batch took longer than ${timeout} ms to read or write.`);
    }
    return answer;
  }

  /** Ends it at once, also in the middle of a loop. */
  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  /** The harness's answer; undefined when time ran out. */
  async #attempt(method: Method, texts: Argument[], timeout: number): Promise<string | undefined> {
    if (this.#calls === undefined) throw new ScriptGone('The script is not loaded.');
    try {
      return await this.#calls[method].apply(undefined, texts, { timeout });
    } catch (thrown) {
      if (isTimeOut(thrown)) return undefined;
      if (this.#isolate.isDisposed) throw new ScriptGone(this.#memoryText());
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      // isolated-vm reports an unhandled rejection as the failure of the call that was running.
      const settled = method === 'settle' ? '' : await this.#attempt('settle', [message], timeout);
      if (settled) return settled;
      throw new ScriptGone(`The script broke its own surroundings: ${message}`);
    }
  }

  #memoryText(): string {
    return `The script ran out of memory (limit ${this.#limits.memoryMb} MB). Keep less between records, or build smaller values.`;
  }

  #loadFailure(thrown: unknown): ScriptFailure {
    if (this.#isolate.isDisposed) return { code: 'scriptLimit', message: this.#memoryText() };
    if (isTimeOut(thrown)) {
      return { code: 'scriptLimit', message: `The code outside process ran longer than ${this.#limits.timeoutMs} ms.` };
    }
    if (!(thrown instanceof Error)) return { code: 'scriptFailed', message: `The code outside process threw ${String(thrown)}.` };
    const message = thrown.message.replace(/ \[script\.js:\d+:\d+\]$/, '');
    const place = /script\.js:(\d+):(\d+)/.exec(`${thrown.message}\n${thrown.stack}`);
    if (!place) return { code: 'scriptFailed', message: `${thrown.name}: ${message}` };
    const [line, column] = [Number(place[1]), Number(place[2])];
    return { code: 'scriptFailed', message: `${thrown.name}: ${message} (line ${line}, column ${column})`, line, column };
  }
}
