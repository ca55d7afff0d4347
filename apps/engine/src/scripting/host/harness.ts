import type { IsolateSettings } from './protocol.ts';
import type { RowBatch, RowBatches } from './row-batch.ts';

type Entry = (...args: unknown[]) => unknown;
type LegacyRecordClass = new (fields?: Record<string, unknown>) => object;

/** What the child process calls inside the isolate. Only text goes in and comes out. */
export interface Harness {
  /** Takes the user's `process`; false when there is none. */
  bind(entry: unknown): boolean;
  /** Whether the script is made for records of 2017, which are not read from rows. */
  isLegacy(): boolean;
  /** Runs a batch and returns an IsolateOutput as JSON on the first line, and the records that go on as JSON on the lines after it.
   * The batch is a JSON array of records, or of their values when their field names are given, as a JSON array too. */
  run(batch: string, names: string): string;
  /** The same for rows that stay text. When all that the script gives back are its own records, the answer tells in `rows` what it changed in them. */
  runRows: (...parts: Parameters<RowBatches>) => string;
  /** After a time-out: fails the record that was being handled, goes on with the rest. Empty text when no record was in hand. */
  skip(message: string): string;
  /** After a promise of the script was rejected with nobody to handle it: the answer of the batch, which had come to its end. Empty text when it had not. */
  settle(message: string): string;
}

/**
 * Calls `process` for each record and collects what comes of it. Runs inside the isolate beside the user's code: its text is sent
 * there, so it may use nothing from outside, and the host trusts nothing it returns.
 *
 * A call settles all at once: records accepted before a throw are dropped with it, so a record never both fails and goes on.
 */
export function createHarness(settingsText: string, LegacyRecord: LegacyRecordClass, openRows: RowBatches): Harness {
  const { parse, stringify } = JSON;
  const { defineProperty } = Object;
  const { ctx: facts, maxOutputBytes } = parse(settingsText) as IsolateSettings;
  const maxLogLines = 1000;
  const maxArgLength = 16_384;
  const { gc: collect } = globalThis as { gc?: () => void };
  const collectEveryCharacters = 8 * 1024 * 1024;
  /** Of rows since the last collection. */
  let characters = 0;

  let entry: Entry | undefined;
  let legacy = false;

  let inputs: unknown[] = [];
  /** When set, `inputs` holds the values of these fields, record after record. */
  let names: string[] | undefined;
  let namesText = '';
  /** When set, the records are read from it in place of `inputs`. */
  let rows: RowBatch | undefined;
  /** Every record that goes on so far is one of `rows` with nothing changed but its fields. */
  let asRows = false;
  /** The record in hand is such a one, noted by `rows`. */
  let taken = false;
  let count = 0;
  let at = 0;
  let busy = false;
  let results = '';
  let failed = '';
  let filtered = 0;
  let log = '';
  let logLines = 0;
  let size = 0;

  let accepted = '';
  let refused = '';
  let acceptedSize = 0;
  let overflow = false;

  const limitText = `The script's output for one batch is larger than ${Math.floor(maxOutputBytes / 1048576)} MB. Return smaller records, or emit collected records earlier.`;

  /** An error whose text stands alone, without the name of an error class. */
  const complaint = (text: string): Error => Object.defineProperty(new TypeError(text), 'name', { value: '' });

  const recordText = (value: unknown, taker: string): string => {
    const given = Array.isArray(value) ? 'a list' : typeof value;
    if (given !== 'object' || value === null) {
      throw complaint(`${taker} one record, an object, not ${given}.${given === 'a list' ? ' Call next.accept(record) for each.' : ''}`);
    }
    if (typeof (value as { then?: unknown }).then === 'function') {
      throw complaint(`${taker} a record, not a promise. A script works synchronously: there is nothing in it to wait for.`);
    }
    const text = stringify(value);
    if (text === undefined || text[0] !== '{') throw complaint(`${taker} a record, not something that is no object as JSON.`);
    checkSize(text.length);
    return text;
  };

  const checkSize = (more: number) => {
    acceptedSize += more;
    if (size + acceptedSize > maxOutputBytes) {
      overflow = true;
      throw complaint(limitText);
    }
  };

  const emit = (value: unknown, taker: string) => {
    if (taken) accepted = `${rows?.taken()}\n`;
    taken = false;
    if (rows?.take(value)) {
      checkSize(rows.size);
      if (asRows && accepted === '') taken = true;
      else accepted += `${rows.taken()}\n`;
      return;
    }
    accepted += `${recordText(value, taker)}\n`;
  };

  const inCall = (name: string) => {
    if (!busy) throw complaint(`${name} was called after process had returned.`);
  };

  const next = {
    accept(record: unknown) {
      inCall('next.accept');
      if (record !== null && record !== undefined) emit(record, 'next.accept takes');
    },
  };

  const error = {
    accept(record: unknown, original?: unknown) {
      inCall('error.accept');
      refused += `,{"index":${at},"code":"scriptFailed","message":"The script sent this record to the error path.","record":${recordText(record ?? original, 'error.accept takes')}}`;
    },
  };

  const argumentText = (arg: unknown): string => {
    let text: string | undefined;
    try {
      text = arg instanceof Error ? stringify(`${arg.name}: ${arg.message}`) : stringify(arg);
    } catch {
      text = stringify('[value that JSON cannot hold]');
    }
    text ??= stringify(String(arg));
    return text.length > maxArgLength ? stringify(`${text.slice(0, maxArgLength)}…`) : text;
  };

  const logAt =
    (level: string) =>
    (...args: unknown[]) => {
      logLines++;
      if (logLines > maxLogLines) return;
      let texts = '';
      for (let i = 0; i < args.length && i < 50; i++) texts += `${i === 0 ? '' : ','}${argumentText(args[i])}`;
      if (size + texts.length > maxOutputBytes) {
        logLines = maxLogLines + 1;
        return;
      }
      size += texts.length;
      log += `,{"level":"${level}","args":[${texts}]}`;
    };

  const logger = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error'), log: logAt('info') };

  const shared = new Map<unknown, unknown>();
  const ctx = {
    ...facts,
    getSharedVariable: (name: unknown) => shared.get(name),
    setSharedVariable: (name: unknown, value: unknown) => {
      shared.set(name, value);
    },
  };

  const describe = (thrown: unknown): string => {
    let message = 'The script threw something that cannot be shown.';
    let place = '';
    let shown = '';
    try {
      if (thrown instanceof Error) {
        message = thrown.name === '' ? thrown.message : `${thrown.name}: ${thrown.message}`;
        const found = /script\.js:(\d+):(\d+)/.exec(String(thrown.stack));
        if (found) {
          place = `,"line":${found[1]},"column":${found[2]}`;
          shown = ` (line ${found[1]}, column ${found[2]})`;
        }
      } else {
        message = typeof thrown === 'object' ? (stringify(thrown) ?? String(thrown)) : String(thrown);
      }
    } catch {
      // A getter or toString of the thrown value threw: the first text stands.
    }
    return `"code":"scriptFailed","message":${stringify(message.slice(0, 2000) + shown)}${place}`;
  };

  const fail = (cause: string) => {
    failed += `,{"index":${at},${cause}}`;
  };

  const limitCause = (message: string) => `"code":"scriptLimit","message":${stringify(message)}`;

  const invoke = (input: unknown): unknown => {
    const call = entry as Entry;
    if (!legacy) return call(input, ctx, logger, next, error);
    return call(input === null ? null : new LegacyRecord(input as Record<string, unknown>), next, ctx, logger);
  };

  const inputAt = (index: number): unknown => {
    if (rows !== undefined) return rows.record(index);
    if (names === undefined) return inputs[index];
    const record: Record<string, unknown> = {};
    const first = index * names.length;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (name === '__proto__')
        defineProperty(record, name, { value: inputs[first + i], enumerable: true, configurable: true, writable: true });
      else record[name] = inputs[first + i];
    }
    return record;
  };

  /** The records that go on, which from now on are collected as text. */
  const textSoFar = (): string => {
    const text = asRows && rows !== undefined ? rows.lines() : results;
    asRows = false;
    return text;
  };

  const handle = () => {
    accepted = '';
    taken = false;
    refused = '';
    acceptedSize = 0;
    overflow = false;
    busy = true;
    let cause = '';
    let last = false;
    try {
      const input = inputAt(at);
      last = input === null;
      const value = invoke(input);
      if (value !== null && value !== undefined) emit(value, 'process must return');
    } catch (thrown) {
      cause = describe(thrown);
    }
    busy = false;
    if (overflow) fail(limitCause(limitText));
    else if (cause !== '') fail(cause);
    else {
      if (accepted === '' && refused === '' && !taken && !last) filtered++;
      if (taken) rows?.keep();
      else if (accepted !== '') results = `${textSoFar()}${accepted}`;
      failed += refused;
      size += acceptedSize;
    }
  };

  const proceed = (): string => {
    for (; at < count; at++) handle();
    if (logLines > maxLogLines) {
      log += `,{"level":"warn","args":["The script logged more than one batch may; ${logLines - maxLogLines} lines or more were left out."]}`;
    }
    const kept = asRows && rows !== undefined ? `,"rows":${rows.results()}` : '';
    const whole = rows !== undefined && rows.listed * 2 > count ? ',"whole":true' : '';
    return `{"failed":[${failed.slice(1)}],"filtered":${filtered},"log":[${log.slice(1)}]${kept}${whole}}\n${results}`;
  };

  const begin = (records: number): string => {
    count = records;
    at = 0;
    results = '';
    failed = '';
    filtered = 0;
    log = '';
    logLines = 0;
    size = 0;
    return proceed();
  };

  const prepare = () => {
    // V8 does not let go of the name.
    (globalThis as { gc?: unknown }).gc = undefined;
    for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) Reflect.deleteProperty(globalThis, name);
    const { debug, info, warn, error: logError } = logger;
    const give = (name: string, value: unknown) =>
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
    give('console', { debug, info, warn, error: logError, log: info, trace: debug });
    give('Record', LegacyRecord);
  };
  prepare();

  return {
    bind(found) {
      if (typeof found !== 'function') return false;
      entry = found as Entry;
      const names = /^[^(]*\(([^)]*)\)/.exec(Function.prototype.toString.call(found))?.[1]?.split(',') ?? [];
      legacy = names[1]?.trim() === 'next';
      return true;
    },
    isLegacy: () => legacy,
    run(batch, fieldNames) {
      inputs = parse(batch) as unknown[];
      if (namesText !== fieldNames) names = fieldNames === '' ? undefined : (parse(fieldNames) as string[]);
      namesText = fieldNames;
      rows = undefined;
      asRows = false;
      return begin(names === undefined ? inputs.length : inputs.length / names.length);
    },
    runRows(...parts) {
      inputs = [];
      rows = undefined;
      characters += parts[0].length;
      if (characters > collectEveryCharacters) {
        // Texts that came from outside are freed with a full collection only, for which a small heap never sees a reason.
        characters = 0;
        collect?.();
      }
      rows = openRows(...parts);
      asRows = true;
      return begin(rows.count);
    },
    skip(message) {
      if (!busy) return '';
      busy = false;
      fail(limitCause(message));
      at++;
      return proceed();
    },
    settle(message) {
      if (busy || at < count) return '';
      logger.warn(`A promise of the script was rejected and nothing handled it: ${message}`);
      return proceed();
    },
  };
}
