import { type Batch, type Component, flowsOf } from '#dataflow';
import { ArrowAccount, StepAccount } from './accounts.ts';
import { Channel } from './channel.ts';
import { Edge, Outlet } from './outlet.ts';
import { introducesRecords, type Plan, type PlannedStep } from './plan.ts';
import { runBatchTransformer } from './run-batch-transformer.ts';
import { runCalls } from './run-calls.ts';
import { compileChain, runChain } from './run-chain.ts';
import { runFileTransformer, runFileWriter, runFormatter, runParser } from './run-files.ts';
import { runFileReader, runRecordReader } from './run-reader.ts';
import type { FileItem } from './spool.ts';
import type { RunScope, StepRun } from './step-run.ts';

/** Batches waiting between two stages. */
const BATCHES_QUEUED = 4;

export interface WiredStage {
  runs: readonly [StepRun, ...StepRun[]];
  run(): Promise<void>;
  /** Tells the next stages that nothing more comes, and the ones before that nothing more is taken. */
  close(): void;
}

export interface Wired {
  stages: readonly WiredStage[];
  /** In rank order. */
  accounts: readonly StepAccount[];
  arrows: readonly ArrowAccount[];
  channels: readonly { abort(error: Error): void }[];
}

interface Inlets {
  batches: Channel<Batch>;
  /** One channel for each arriving arrow, in the order their files are to be handled. */
  files: Channel<FileItem>[];
}

/** Joins the stages of a plan by channels. */
export function wire(plan: Plan, scope: RunScope): Wired {
  const inlets = new Map(plan.steps.map((step): [string, Inlets] => [step.id, { batches: new Channel(BATCHES_QUEUED), files: [] }]));
  const arrows: ArrowAccount[] = [];
  const accounts = new Map(plan.steps.map((step) => [step.id, new StepAccount(step, introducesRecords(step, plan))]));
  const fusedInto = new Set(plan.stages.flatMap((stage) => stage.slice(1).map((step) => step.id)));

  const edge = <T>(account: ArrowAccount, channel: Channel<T>, spooled = false) => {
    arrows.push(account);
    return new Edge(account, channel, spooled);
  };
  const inletsOf = (id: string) => inlets.get(id) as Inlets;
  const fileArrivals = countFileArrivals(plan);

  const stepRun = (step: PlannedStep): StepRun => {
    const account = accounts.get(step.id) as StepAccount;
    const arrowTo = (id: string, path: 'next' | 'error') => new ArrowAccount(step.id, id, path);
    const toBatches = (path: 'next' | 'error') => (id: string) => edge(arrowTo(id, path), inletsOf(id).batches);
    const toFiles = (id: string) =>
      edge(arrowTo(id, 'next'), fileChannel(inletsOf(id)), step.next.length > 1 || (fileArrivals.get(id) ?? 0) > 1);
    const givesFiles = flowsOf(step.component).output === 'files';
    const fusedTo = step.next.find((id) => fusedInto.has(id));
    const fused = fusedTo === undefined ? undefined : arrowTo(fusedTo, 'next');
    if (fused) arrows.push(fused);
    const { trace, signal, spoolFolder } = scope;
    const outlet = new Outlet({
      ...{ step: step.id, account, trace, signal, spoolFolder, fused },
      records: givesFiles || fused ? [] : step.next.map(toBatches('next')),
      files: givesFiles ? step.next.map(toFiles) : [],
      errors: step.error.map(toBatches('error')),
    });
    return { step, account, outlet };
  };

  const stages = plan.stages.map((stage) => wireStage(stage.map(stepRun), inletsOf(stage[0].id), scope));
  return {
    stages,
    accounts: plan.steps.map((step) => accounts.get(step.id) as StepAccount),
    arrows,
    channels: [...inlets.values()].flatMap(({ batches, files }) => [batches, ...files]),
  };
}

/** A file is handed over one at a time; one that nobody takes is settled, so that its producer goes on. */
function fileChannel(inlets: Inlets): Channel<FileItem> {
  const channel = new Channel<FileItem>(Number.POSITIVE_INFINITY, (item) => item.settle());
  inlets.files.push(channel);
  return channel;
}

function countFileArrivals(plan: Plan): Map<string, number> {
  const arrivals = new Map<string, number>();
  for (const step of plan.steps) {
    if (flowsOf(step.component).output !== 'files') continue;
    for (const id of step.next) arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
  }
  return arrivals;
}

function wireStage(runs: readonly StepRun[], inlets: Inlets, scope: RunScope): WiredStage {
  const run = stageRunner(runs, inlets, scope);
  return {
    runs: runs as [StepRun, ...StepRun[]],
    run,
    close: () => {
      for (const { outlet } of runs) outlet.close();
      inlets.batches.leave();
      for (const channel of inlets.files) channel.leave();
    },
  };
}

/** Picks how a stage runs by the kind of its component, never by its name. */
function stageRunner(runs: readonly StepRun[], inlets: Inlets, scope: RunScope): () => Promise<void> {
  const [run] = runs as [StepRun];
  const as = <C extends Component>(component: C) => ({ ...run, step: { ...run.step, component } });
  const { component } = run.step;
  switch (component.kind) {
    case 'reader':
      return component.emits === 'records' ? () => runRecordReader(scope, as(component)) : () => runFileReader(scope, as(component));
    case 'record-transformer': {
      const chain = compileChain(runs, { job: scope.job, fill: scope.fill });
      return () => runChain(chain, inlets.batches);
    }
    case 'batch-transformer':
      return () => runBatchTransformer(scope, as(component), inlets.batches);
    case 'parser':
      return () => runParser(scope, as(component), inlets.files);
    case 'formatter':
      return () => runFormatter(scope, as(component), inlets.batches);
    case 'file-transformer':
      return () => runFileTransformer(scope, as(component), inlets.files);
    case 'lookup':
      return () => runCalls(scope, as(component), inlets.batches);
    case 'writer':
      return component.accepts === 'records'
        ? () => runCalls(scope, as(component), inlets.batches)
        : () => runFileWriter(scope, as(component), inlets.files);
  }
}
