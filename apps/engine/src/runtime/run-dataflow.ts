import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type Access,
  CancelledError,
  type Component,
  ConfigError,
  type DataflowDocument,
  errorText,
  fillPlaceholders,
  type JobInfo,
  type JobSnapshot,
  type LogLevel,
  mapSecrets,
  type SiteCredentials,
  type TraceLine,
  traitsOf,
} from '#dataflow';
import { RecordBudget } from './budget.ts';
import { planDataflow } from './plan.ts';
import { redactor } from './redact.ts';
import { Report } from './report.ts';
import type { RunScope } from './step-run.ts';
import { openTrace, type Trace } from './trace.ts';
import { wire } from './wiring.ts';

export interface RunOptions {
  /** Checked before; with its secrets in clear. */
  document: DataflowDocument;
  components: (type: string) => Component | undefined;
  job: JobInfo;
  site?: SiteCredentials;
  /** Most records the job handles. */
  limit?: number;
  logLevel: LogLevel;
  access: Access;
  /** Raised to stop the job; it ends as `killed`. */
  signal: AbortSignal;
  /** Parent of the job's own folder for spooled files; the system's temporary folder by default. */
  spoolFolder?: string;
  onTrace(line: TraceLine): void;
  /** The state of the run, about twice a second while it runs and once at its end. */
  onSnapshot(snapshot: JobSnapshot): void;
}

const SNAPSHOT_MS = 500;

/** Runs a dataflow once and tells how it ended. Faults of the flow, of the outside or of a component never reject: the status says failed, the trace why. */
export async function runDataflow(options: RunOptions): Promise<JobSnapshot> {
  const redact = redactor(secretsOf(options));
  const trace = openTrace({ logLevel: options.logLevel, redact, onTrace: options.onTrace });
  const report = new Report(options.limit, redact);
  const ticker = setInterval(() => options.onSnapshot(report.snapshot()), SNAPSHOT_MS);
  const spoolFolder = await mkdtemp(path.join(options.spoolFolder ?? os.tmpdir(), 'idsync-'));
  const { id, changedSince } = options.job;
  trace.line('INFO', 'System', `Job ${id} has started.`);
  if (changedSince)
    trace.line('INFO', 'System', `Only what changed after ${changedSince.toISOString()} is read; pull all records to read the rest.`);
  try {
    await runPlan(options, { trace, report, spoolFolder });
    report.succeed();
    trace.line('INFO', 'System', 'Job has succeeded.');
  } catch (thrown) {
    if (options.signal.aborted) {
      report.end('killed', 'The job was stopped.');
      trace.line('INFO', 'System', 'Job was stopped.');
    } else {
      const step = thrown instanceof StepFailure || thrown instanceof ConfigError ? thrown.step : undefined;
      const cause = thrown instanceof StepFailure ? thrown.cause : thrown;
      report.end('failed', redact(`${step ? `${step}: ` : ''}${errorText(cause)}`));
      trace.failure(step ?? 'System', cause);
      trace.line('ERROR', 'System', 'Job has failed.');
    }
  } finally {
    clearInterval(ticker);
    await rm(spoolFolder, { recursive: true, force: true });
  }
  const last = report.snapshot();
  options.onSnapshot(last);
  return last;
}

/** Every secret the run knows: those of the flow's parameters and of its site. */
function secretsOf({ document, components, site }: RunOptions): string[] {
  const secrets = site ? [site.secret] : [];
  const lookup = (type: string) => {
    const component = components(type);
    return component && traitsOf(component);
  };
  mapSecrets(document, lookup, (value) => {
    secrets.push(value);
    return value;
  });
  return secrets;
}

/** The first failure of a run, with the step it came from. */
class StepFailure extends Error {
  readonly step: string;
  constructor(step: string, cause: unknown) {
    super(`${step} failed.`, { cause });
    this.step = step;
  }
}

async function runPlan(
  options: RunOptions,
  { trace, report, spoolFolder }: { trace: Trace; report: Report; spoolFolder: string },
): Promise<void> {
  const { job, site, access, document } = options;
  options.signal.throwIfAborted();
  const plan = planDataflow(document, options.components);
  const failing = new AbortController();
  const signal = AbortSignal.any([options.signal, failing.signal]);
  const fill = (text: string) => fillPlaceholders(text, { now: job.startTime, jobId: job.id, apiKey: site?.apiKey ?? '' });
  const budget = new RecordBudget(options.limit);
  const scope: RunScope = { job, site, access, signal, trace, spoolFolder, fill, budget };
  const wired = wire(plan, scope);
  report.watch(wired, budget);
  let first: StepFailure | undefined;
  const abort = () => {
    for (const channel of wired.channels) channel.abort(new CancelledError());
  };
  signal.addEventListener('abort', abort, { once: true });
  await Promise.all(
    wired.stages.map(async (stage) => {
      try {
        await stage.run();
        for (const { step, account } of stage.runs)
          trace.line(
            'INFO',
            step.id,
            `Step has ended: ${account.input} in, ${account.output} out, ${account.failed} failed, ${account.filtered} filtered.`,
          );
      } catch (thrown) {
        first ??= new StepFailure(stage.runs[0].step.id, thrown);
        failing.abort();
      } finally {
        stage.close();
      }
    }),
  );
  signal.removeEventListener('abort', abort);
  if (first) throw first;
  options.signal.throwIfAborted();
}
