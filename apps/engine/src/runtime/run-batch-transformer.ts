import type { Batch, BatchTransformer } from '#dataflow';
import type { Channel } from './channel.ts';
import { countedBatches, openStep, type RunScope, type StepRun } from './step-run.ts';

export async function runBatchTransformer(
  scope: RunScope,
  run: StepRun & { step: { component: BatchTransformer } },
  inlet: Channel<Batch>,
): Promise<void> {
  await using opened = await openStep(scope, run);
  const { account, outlet, step } = run;
  const { clock } = account;
  for await (const batch of clock.working(step.component.transform(clock.waiting(countedBatches(inlet, account)), opened.ctx))) {
    await outlet.emit(batch);
    if (!outlet.wanted) break;
  }
  await outlet.flush();
  account.filtered = Math.max(0, account.input - account.output - account.failed);
}
