import type { StepMetrics } from '@idsync/engine/dataflow';

export interface StepFigures extends StepMetrics {
  /** Of the longest step, 0 to 1: the length of the bar. */
  share: number;
  /** What went in, or came out where nothing goes in, for each second of work; undefined for a step that has not worked yet. */
  ratePerSecond: number | undefined;
  slowest: boolean;
}

/** Steps in flow order with what makes a bottleneck visible. With fewer than two steps at work none is called the slowest. */
export function stepFigures(steps: readonly StepMetrics[], order: readonly string[]): StepFigures[] {
  const place = (step: StepMetrics) => (order.includes(step.step) ? order.indexOf(step.step) : order.length);
  const longest = Math.max(0, ...steps.map((step) => step.durationSec));
  const working = steps.filter((step) => step.durationSec > 0).length;
  return [...steps]
    .sort((a, b) => place(a) - place(b))
    .map((step) => ({
      ...step,
      share: longest > 0 ? step.durationSec / longest : 0,
      ratePerSecond: step.durationSec > 0 ? (step.input || step.output) / step.durationSec : undefined,
      slowest: working > 1 && longest > 0 && step.durationSec === longest,
    }));
}
