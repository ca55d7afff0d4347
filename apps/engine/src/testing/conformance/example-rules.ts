import { isDeepStrictEqual } from 'node:util';
import type { Component, DataRecord, Example } from '#dataflow';
import { type ComponentRun, runComponent } from '../run-component.ts';
import type { Rule } from './rule.ts';

/** What a component promises in its examples. */
export const exampleRules: readonly Rule[] = [
  { name: 'it has at least one example', faults: ({ examples }) => (examples.length === 0 ? ['there is none'] : []) },
  {
    name: 'every example gives exactly what it says',
    faults: async (component) => {
      if (!runsAlone(component)) return [];
      const faults = await Promise.all(component.examples.map((example) => faultsOf(component, example)));
      return faults.flat();
    },
  },
];

/** True when all a component needs comes in by its arrow: no other system, no folder. */
export const runsAlone = (component: Component): boolean =>
  component.kind !== 'reader' && component.kind !== 'writer' && !('connect' in component && component.connect);

/** Runs a component on what an example puts in. */
export const runExample = (component: Component, { params, input, inputFiles }: Example): Promise<ComponentRun> =>
  runComponent(component, { params, ...(input && { records: input }), ...(inputFiles && { files: inputFiles }) });

async function faultsOf(component: Component, example: Example): Promise<string[]> {
  const run = await runExample(component, example);
  const files = Object.fromEntries(run.files.map(({ name, text }) => [name, text]));
  const { output = [], errors = [], outputFiles = {} } = example;
  const differ = (what: string, wanted: unknown, got: unknown) =>
    same(wanted, got) ? [] : [`${example.title}: ${what} should be ${JSON.stringify(wanted)} and is ${JSON.stringify(got)}`];
  const filesUntold = example.outputFiles === undefined && component.kind === 'file-transformer';
  return [
    ...differ('output', output, run.records),
    ...differ('errors', errors, run.errors),
    ...(filesUntold ? [] : differ('files', outputFiles, files)),
  ];
}

/** Equal, and keys in the same order. */
const same = (a: unknown, b: unknown) => isDeepStrictEqual(a, b) && JSON.stringify(a) === JSON.stringify(b as DataRecord[]);
