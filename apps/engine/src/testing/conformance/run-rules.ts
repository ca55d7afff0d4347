import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  Batch,
  CancelledError,
  type Component,
  copyRecord,
  type DataRecord,
  errorCodes,
  errorText,
  type FlowFile,
  isStudioError,
  readParams,
  type StepContext,
  traitsOf,
} from '#dataflow';
import { fakeContext } from '../fake-context.ts';
import { fileOf, type OpenStreams, tracked } from '../file-of.ts';
import { chunkSizes, hostileRecords, texts } from '../hostile.ts';
import { leakCheck } from '../leak-check.ts';
import { type ComponentRun, runComponent } from '../run-component.ts';
import { runsAlone } from './example-rules.ts';
import type { Rule } from './rule.ts';

/** How a component behaves at work. */
export const runRules: readonly Rule[] = [
  { name: 'a record that fails is left as it came', faults: changedFailures },
  { name: 'no record of any shape ends the job', faults: deathsByRecord },
  { name: 'how its input is cut up makes no difference', faults: differencesByCut },
  { name: 'stopping early lets go of everything', faults: heldAfterStop },
  { name: 'raising the signal ends it and lets go of everything', faults: heldAfterCancel },
];

const paramSets = (component: Component) =>
  component.examples.map(({ params }) => readParams(traitsOf(component), params).params as Record<string, unknown>);

function changedFailures(component: Component): string[] {
  if (component.kind !== 'record-transformer') return [];
  const inputs = [...hostileRecords(), ...component.examples.flatMap(({ input = [] }) => input)];
  return paramSets(component).flatMap((params) => {
    const transform = component.compile(params, fakeContext());
    return inputs.flatMap((input) => {
      const record = copyRecord(input);
      try {
        transform(record);
      } catch {
        if (JSON.stringify(record) !== JSON.stringify(input)) return [`${JSON.stringify(input)} became ${JSON.stringify(record)}`];
      }
      return [];
    });
  });
}

async function deathsByRecord(component: Component): Promise<string[]> {
  if (!runsAlone(component) || !(component.kind === 'batch-transformer' || component.kind === 'formatter' || component.kind === 'lookup'))
    return [];
  const faults: string[] = [];
  for (const { title, params } of component.examples) {
    try {
      await runComponent(component, { params, records: hostileRecords() });
    } catch (error) {
      faults.push(`${title}: ${errorText(error)}`);
    }
  }
  return faults;
}

async function differencesByCut(component: Component): Promise<string[]> {
  if (!runsAlone(component) || component.kind === 'record-transformer' || component.kind === 'lookup') return [];
  const faults: string[] = [];
  for (const { title, params, input = [], inputFiles } of component.examples) {
    const files = inputFiles ?? sampleFiles(component);
    const outcome = (size: number) =>
      outcomeOf(runComponent(component, { params, records: input, batchSize: size, files, chunkSize: size }));
    const whole = await outcome(65_536);
    for (const size of takesFiles(component) ? chunkSizes : [1]) {
      if ((await outcome(size)) !== whole) faults.push(`${title}: cut into pieces of ${size} it gives something else`);
    }
  }
  return faults;
}

/** All that a run gave, or the error it ended with, as text. */
const outcomeOf = (run: Promise<ComponentRun>): Promise<string> =>
  run.then(
    ({ records, errors, files }) =>
      JSON.stringify([records, errors, files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')])]),
    (error: unknown) => errorText(error),
  );

const takesFiles = ({ kind }: Component) => kind === 'parser' || kind === 'file-transformer';

/** What file transformers get whose examples show no bytes: text, packed, so that one of packing and unpacking has work to do. */
const sampleFiles = (component: Component): Record<string, Uint8Array> =>
  component.kind === 'file-transformer' ? { 'sample.txt.gz': gzipSync(texts.join('\n').repeat(20)) } : {};

async function heldAfterStop(component: Component): Promise<string[]> {
  if (!runsAlone(component)) return [];
  const faults: string[] = [];
  for (const { title, params, input = [], inputFiles } of component.examples) {
    try {
      const options = { params, records: input, batchSize: 1, files: inputFiles ?? sampleFiles(component), chunkSize: 3, stopAfter: 1 };
      const { unreleased } = await leakCheck((signal) => runComponent(component, { ...options, signal }));
      if (unreleased > 0) faults.push(`${title}: its input was left open`);
    } catch (error) {
      if (!isForeign(error)) faults.push(`${title}: ${errorText(error)}`);
    }
  }
  return faults;
}

/** A file transformer may refuse the sample as not of its format. */
const isForeign = (error: unknown) => isStudioError(error) && error.code === errorCodes.malformedFile;

async function heldAfterCancel(component: Component): Promise<string[]> {
  if (!runsAlone(component)) return [];
  const faults: string[] = [];
  for (const [i, { title, input = [{}], inputFiles = {} }] of component.examples.entries()) {
    const streams: OpenStreams = { open: 0 };
    const controller = new AbortController();
    const [[name, content] = ['empty', '']] = Object.entries(inputFiles);
    const endless = { file: endlessFile(name, content, { controller, streams }), batches: endlessBatches(input, { controller, streams }) };
    const context = fakeContext({ params: paramSets(component)[i], signal: controller.signal });
    try {
      await drain(component, endless, context as unknown as StepContext<Record<string, unknown>>);
    } catch {
      // Ending by an error is as good: what counts is that it ended.
    }
    if (streams.open > 0) faults.push(`${title}: its input was left open`);
  }
  return faults;
}

interface Ending {
  controller: AbortController;
  streams: OpenStreams;
}

/** Items without end, until the signal is raised; raises it itself after a while. */
async function* untilCancelled<T>(item: () => T, controller: AbortController): AsyncGenerator<T> {
  for (let count = 0; ; count++) {
    if (count === 50) controller.abort(new CancelledError());
    if (count % 10 === 0) await setImmediate();
    if (controller.signal.aborted) throw new CancelledError();
    yield item();
  }
}

function endlessFile(name: string, content: string, { controller, streams }: Ending): FlowFile {
  const bytes = new TextEncoder().encode(content || ' ');
  return {
    ...fileOf(name, ''),
    read: () =>
      tracked(
        untilCancelled(() => bytes.slice(), controller),
        streams,
      ),
  };
}

const endlessBatches = (records: readonly DataRecord[], { controller, streams }: Ending) =>
  tracked(
    untilCancelled(() => Batch.of(records.map(copyRecord)), controller),
    streams,
  );

async function drain(
  component: Component,
  { file, batches }: { file: FlowFile; batches: AsyncIterable<Batch> },
  ctx: StepContext<Record<string, unknown>>,
): Promise<void> {
  if (component.kind === 'parser') await drained(component.parse(file, ctx));
  if (component.kind === 'batch-transformer') await drained(component.transform(batches, ctx as never));
  if (component.kind === 'formatter') await drainedFiles(component.format(batches, ctx));
  if (component.kind === 'file-transformer') await drainedFiles(component.transform(file, ctx));
}

async function drained(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

async function drainedFiles(files: AsyncIterable<FlowFile>): Promise<void> {
  for await (const file of files) await drained(file.read());
}
