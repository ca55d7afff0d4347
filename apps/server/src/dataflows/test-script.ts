import type { Json } from '@idsync/engine/dataflow';
import { testScript as runScript } from '@idsync/engine/scripting';

export interface ScriptTest {
  /** Plain text, not base64. */
  script: string;
  ecmaVersion: '5.1' | '12';
  notifyLastRecord: boolean;
  input: Json[];
}

export type ScriptTestResult = Awaited<ReturnType<typeof runScript>>;

const limits = { timeoutMs: 5_000, memoryMb: 64, maxOutputBytes: 8 * 1024 * 1024 };

/** Runs a script in the isolate of its own that jobs use, with tighter limits. */
export const testScript = ({ script, ecmaVersion, notifyLastRecord, input }: ScriptTest): Promise<ScriptTestResult> =>
  runScript({ source: script, ecmaVersion, notifyLastRecord, input, limits });
