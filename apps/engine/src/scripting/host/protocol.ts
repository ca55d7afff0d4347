import type { DataRecord, RowResults } from '#dataflow';
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
  /** The body holds the bounds and the marks of rows, so many bytes each, and their text; `about` as the harness wants it. */
  | { type: 'rows'; session: number; count: number; about: string; bounds: number; marks: number }
  | { type: 'close'; session: number };

/** Heads of the frames from the script process. */
export type HostReply =
  /** `rows`: batches may be sent as rows. */
  | { type: 'ready'; session: number; rows: boolean }
  | { type: 'refused'; session: number; failure: ScriptFailure }
  /** A record ran out of time and was failed; the batch goes on with a fresh clock. */
  | { type: 'alive'; session: number }
  /** `whole`: send no more rows, the script keeps too many records of them. The body is a line with a JSON {@link IsolateOutput}, then each record that goes on, as JSON on a line of its own. */
  | { type: 'done'; session: number; whole: boolean }
  | { type: 'fatal'; session: number; message: string };

/** What the isolate gives back for a batch beside its records. `index` points into the batch; `record` is there when the script called `error.accept`. */
export interface IsolateOutput {
  failed: (ScriptFailure & { index: number; record?: DataRecord })[];
  filtered: number;
  log: ScriptLogLine[];
  /** In place of the records: which rows of the batch go on, and what changed in them. */
  rows?: RowResults;
  /** The script takes records apart, so that it is better given whole ones. */
  whole?: boolean;
}

/** Milliseconds one call of the isolate may take. */
export const callLimitMs = (limits: ScriptLimits, count: number): number => limits.timeoutMs + 20 * count;
