import type { FileReader, RecordReader } from '#dataflow';
import { withBytes } from './spool.ts';
import { openStep, type RunScope, type StepRun } from './step-run.ts';

export async function runRecordReader(scope: RunScope, run: StepRun & { step: { component: RecordReader } }): Promise<void> {
  await using opened = await openStep(scope, run);
  for await (const { item } of run.account.clock.working(run.step.component.read(opened.ctx))) {
    await run.outlet.emit(run.account.introduces ? scope.budget.take(item) : item);
    if (scope.budget.spent || !run.outlet.wanted) break;
  }
  await run.outlet.flush();
}

export async function runFileReader(scope: RunScope, run: StepRun & { step: { component: FileReader } }): Promise<void> {
  await using opened = await openStep(scope, run);
  const { clock } = run.account;
  for await (const { item } of clock.working(run.step.component.read(opened.ctx))) {
    await run.outlet.emitFile(withBytes(item, () => clock.working(item.read())));
    if (!run.outlet.wanted) break;
  }
  await run.outlet.flush();
}
