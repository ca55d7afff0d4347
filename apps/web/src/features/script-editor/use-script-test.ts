import { type Json, paramsOf, type Step } from '@idsync/engine/dataflow';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../../lib/trpc.ts';

/** One record or a list of records, as JSON. */
function readInput(text: string): { input?: Json[]; fault?: string } {
  try {
    const value = JSON.parse(text) as Json;
    return { input: Array.isArray(value) ? value : [value] };
  } catch (error) {
    return { fault: `The input is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Runs the script on the server's isolate with the step's own settings. */
export function useScriptTest(step: Step) {
  const trpc = useTRPC();
  const { mutate, data, error, isPending } = useMutation(trpc.dataflows.testScript.mutationOptions());
  const [fault, setFault] = useState<string>();
  const run = (script: string, text: string) => {
    const { input, fault } = readInput(text);
    setFault(fault);
    if (!input) return;
    const { ECMAScriptVersion, notifyLastRecord } = paramsOf(step);
    mutate({
      script,
      ecmaVersion: String(ECMAScriptVersion) === '12' ? '12' : '5.1',
      notifyLastRecord: String(notifyLastRecord) === 'true',
      input,
    });
  };
  return { run, result: fault === undefined ? data : undefined, fault: fault ?? error?.message, isPending };
}

export type ScriptResult = NonNullable<ReturnType<typeof useScriptTest>['result']>;
