import type { DataRecord } from '#dataflow';
import type { ScriptContext, ScriptFailure, ScriptLimits, ScriptLogLine } from '../types.ts';

/** What the isolate is told once, as JSON. */
export interface IsolateSettings {
  ctx: ScriptContext;
  maxOutputBytes: number;
}

/** The descriptor of the duplex pipe the frames go through. */
export const frameDescriptor = 3;

/** Heads of the frames to the script process. */
export type HostRequest =
  | { type: 'open'; session: number; source: string; ctx: ScriptContext; limits: ScriptLimits }
  /**
   * The body is a JSON array: of `count` records, or of one null for the last call. With `columns`, the names of the records' fields,
   * it holds the values alone, record after record.
   */
  | { type: 'batch'; session: number; count: number; columns?: readonly string[] }
  | { type: 'close'; session: number };

/** Heads of the frames from the script process. */
export type HostReply =
  | { type: 'ready'; session: number }
  | { type: 'refused'; session: number; failure: ScriptFailure }
  /** A record ran out of time and was failed; the batch goes on with a fresh clock. */
  | { type: 'alive'; session: number }
  /** The body is a line with a JSON {@link IsolateOutput}, then each record that goes on, as JSON on a line of its own. */
  | { type: 'done'; session: number }
  | { type: 'fatal'; session: number; message: string };

/** What the isolate gives back for a batch beside its records. `index` points into the batch; `record` is there when the script called `error.accept`. */
export interface IsolateOutput {
  failed: (ScriptFailure & { index: number; record?: DataRecord })[];
  filtered: number;
  log: ScriptLogLine[];
}

/** Milliseconds one call of the isolate may take. */
export const callLimitMs = (limits: ScriptLimits, count: number): number => limits.timeoutMs + 20 * count;
