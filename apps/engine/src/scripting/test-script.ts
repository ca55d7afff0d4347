import { randomUUID } from 'node:crypto';
import { type DataRecord, errorText, isStudioError, type Json } from '#dataflow';
import { checkScript } from './check-script.ts';
import { openScript } from './script-session.ts';
import type { EcmaVersion, ScriptFailure, ScriptLimits, ScriptLogLine, ScriptOutput, ScriptSession } from './types.ts';

export interface ScriptTest {
  /** Plain JavaScript. */
  source: string;
  ecmaVersion: EcmaVersion;
  notifyLastRecord: boolean;
  /** Records, each a JSON object. */
  input: Json[];
  limits?: Partial<ScriptLimits>;
  signal?: AbortSignal;
}

/** `input` is the 0-based index of the record it came from; for the last call with null, the number of records. */
export interface ScriptTestResult {
  output: DataRecord[];
  /** For each of `output`, the input it came from. */
  outputOf: number[];
  failed: { input: number; record: DataRecord; error: ScriptFailure }[];
  filtered: number;
  log: (ScriptLogLine & { input: number })[];
  /** Milliseconds inside the script and on the way to it, without starting its process. */
  durationMs: number;
  /** The script does not load, ran out of memory or time for good, or the input is no list of records. */
  error?: { message: string; line?: number; column?: number };
}

/** Smaller than a job's: somebody is waiting. */
const testLimits: ScriptLimits = { timeoutMs: 1_500, memoryMb: 64, maxOutputBytes: 4 * 1024 * 1024 };

/** Runs a script over sample records, one by one, and says what came of each. Never rejects for faults of the script. */
export async function testScript(test: ScriptTest): Promise<ScriptTestResult> {
  const result: ScriptTestResult = { output: [], outputOf: [], failed: [], filtered: 0, log: [], durationMs: 0 };
  const wrong = test.input.findIndex((record) => typeof record !== 'object' || record === null || Array.isArray(record));
  if (wrong >= 0) return { ...result, error: { message: `Input ${wrong + 1} is not a record. Give JSON objects.` } };
  const fault = checkScript(test.source);
  if (fault) return { ...result, error: placeOf(fault) };
  try {
    const ctx = { jobId: `script-test-${randomUUID()}`, dataflowId: 'test', stepId: 'test' };
    await using session = await openScript({ ...test, ctx, limits: { ...testLimits, ...test.limits } });
    const start = performance.now();
    try {
      await runAll(session, test.input as DataRecord[], result);
    } finally {
      result.durationMs = Math.round((performance.now() - start) * 100) / 100;
    }
  } catch (thrown) {
    result.error = { message: errorText(thrown), ...(isStudioError(thrown) ? pick(thrown.details) : {}) };
  }
  return result;
}

async function runAll(session: ScriptSession, input: DataRecord[], result: ScriptTestResult): Promise<void> {
  for (const [index, record] of input.entries()) add(result, index, await session.process([record]));
  add(result, input.length, await session.finish());
}

function add(result: ScriptTestResult, input: number, { results, failed, filtered, log }: ScriptOutput): void {
  for (const record of results) {
    result.output.push(record);
    result.outputOf.push(input);
  }
  result.failed.push(...failed.map((failure) => ({ input, ...failure })));
  result.filtered += filtered;
  result.log.push(...log.map((line) => ({ input, ...line })));
}

const pick = ({ line, column }: Record<string, unknown>) =>
  typeof line === 'number' && typeof column === 'number' ? { line, column } : {};

const placeOf = ({ message, line, column }: ScriptFailure) => ({ message, ...pick({ line, column }) });
