import type { DataRecord } from '#dataflow';
import type { ScriptContext, ScriptFailure, ScriptLimits, ScriptLogLine } from '../types.ts';

/** What the isolate is told once, as JSON. */
export interface IsolateSettings {
  ctx: ScriptContext;
  maxOutputBytes: number;
}

export type HostRequest =
  | { type: 'open'; session: number; source: string; ctx: ScriptContext; limits: ScriptLimits }
  /** `text` is a JSON array of `count` records, or of one null for the last call. */
  | { type: 'batch'; session: number; text: string; count: number }
  | { type: 'close'; session: number };

export type HostReply =
  | { type: 'ready'; session: number }
  | { type: 'refused'; session: number; failure: ScriptFailure }
  /** A record ran out of time and was failed; the batch goes on with a fresh clock. */
  | { type: 'alive'; session: number }
  /** `text` is a JSON {@link IsolateOutput}. */
  | { type: 'done'; session: number; text: string }
  | { type: 'fatal'; session: number; message: string };

/** What the isolate gives back for a batch. `index` points into the batch; `record` is there when the script called `error.accept`. */
export interface IsolateOutput {
  results: DataRecord[];
  failed: (ScriptFailure & { index: number; record?: DataRecord })[];
  filtered: number;
  log: ScriptLogLine[];
}

/** Milliseconds one call of the isolate may take. */
export const callLimitMs = (limits: ScriptLimits, count: number): number => limits.timeoutMs + 20 * count;
