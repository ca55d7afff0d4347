import type { Batch, FileTransformer, FileWriter, FlowFile, Formatter, Parser } from '#dataflow';
import type { Channel } from './channel.ts';
import { type FileItem, withBytes } from './spool.ts';
import { countedBatches, openStep, type RunScope, type StepRun } from './step-run.ts';

export async function runParser(
  scope: RunScope,
  run: StepRun & { step: { component: Parser } },
  inlets: readonly Channel<FileItem>[],
): Promise<void> {
  await using opened = await openStep(scope, run);
  const { clock } = run.account;
  await eachFile(inlets, run, async (file) => {
    opened.ctx.log.info(`Parsing ${file.name}.`);
    for await (const batch of clock.working(run.step.component.parse(file, opened.ctx))) {
      await run.outlet.emit(run.account.introduces ? scope.budget.take(batch) : batch);
      if (scope.budget.spent || !run.outlet.wanted) return false;
    }
    return true;
  });
  await run.outlet.flush();
}

export async function runFormatter(
  scope: RunScope,
  run: StepRun & { step: { component: Formatter } },
  inlet: Channel<Batch>,
): Promise<void> {
  await using opened = await openStep(scope, run);
  const { clock } = run.account;
  const batches = clock.waiting(countedBatches(inlet, run.account));
  for await (const file of clock.working(run.step.component.format(batches, opened.ctx))) {
    await run.outlet.emitFile(withBytes(file, () => clock.working(file.read())));
  }
  await run.outlet.flush();
}

export async function runFileTransformer(
  scope: RunScope,
  run: StepRun & { step: { component: FileTransformer } },
  inlets: readonly Channel<FileItem>[],
): Promise<void> {
  await using opened = await openStep(scope, run);
  const { clock } = run.account;
  await eachFile(inlets, run, async (file) => {
    for await (const out of clock.working(run.step.component.transform(file, opened.ctx))) {
      await run.outlet.emitFile(withBytes(out, () => clock.working(out.read())));
      if (!run.outlet.wanted) return false;
    }
    return true;
  });
  await run.outlet.flush();
}

export async function runFileWriter(
  scope: RunScope,
  run: StepRun & { step: { component: FileWriter } },
  inlets: readonly Channel<FileItem>[],
): Promise<void> {
  let opened: Awaited<ReturnType<typeof openStep>> | undefined;
  try {
    await eachFile(inlets, run, async (file) => {
      opened ??= await openStep(scope, run);
      const end = run.account.clock.begin();
      await run.step.component.write(file, opened.ctx).finally(end);
      return true;
    });
  } finally {
    await opened?.[Symbol.asyncDispose]();
  }
}

/** Files of all arriving arrows, one arrow after the other, so that they are handled in the order of the `next` lists. */
async function eachFile(
  inlets: readonly Channel<FileItem>[],
  { account }: StepRun,
  handle: (file: FlowFile) => Promise<boolean>,
): Promise<void> {
  for (const inlet of inlets) {
    for await (const item of inlet) {
      account.input++;
      try {
        if (!(await handle(withBytes(item.file, () => account.clock.waiting(item.file.read()))))) {
          for (const left of inlets) left.leave();
          return;
        }
      } finally {
        item.settle();
      }
    }
  }
}
