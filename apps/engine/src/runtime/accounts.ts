import { type ArrowMetrics, type ErrorGroup, errorCodes, errorText, flowsOf, isStudioError, type StepMetrics } from '#dataflow';
import type { PlannedStep } from './plan.ts';
import { WorkClock } from './work-clock.ts';

/** Different messages kept of one step; a message with a value in it would else make a group for each record. */
const MOST_GROUPS = 200;

/** Counts of one step while it runs. */
export class StepAccount {
  input = 0;
  output = 0;
  failed = 0;
  filtered = 0;
  readonly clock = new WorkClock();
  /** True for the steps that bring records into the job. */
  readonly introduces: boolean;
  readonly #step: PlannedStep;
  readonly #groups = new Map<string, ErrorGroup>();

  constructor(step: PlannedStep, introduces: boolean) {
    this.#step = step;
    this.introduces = introduces;
  }

  /** Set when the step is a reader that knows how much it will hand on. */
  expected: number | undefined;

  expect(total: number): void {
    this.expected = (this.expected ?? 0) + total;
  }

  /** Counts a failed record and returns the group of equal errors it belongs to. */
  addFailure(thrown: unknown): ErrorGroup {
    this.failed++;
    const code = isStudioError(thrown) ? thrown.code : errorCodes.internal;
    const message = this.#groups.size < MOST_GROUPS ? errorText(thrown) : 'Further errors with other messages.';
    const key = `${code} ${message}`;
    const group = this.#groups.get(key) ?? { step: this.#step.id, code, message, count: 0 };
    group.count++;
    this.#groups.set(key, group);
    return group;
  }

  get errors(): ErrorGroup[] {
    return [...this.#groups.values()];
  }

  /** Every record that came in went on, failed or was filtered. Steps that turn files into records or records into files count different things on their sides. */
  get balanced(): boolean {
    const { component } = this.#step;
    if ('multiplies' in component && component.multiplies) return true;
    const { input, output } = flowsOf(component);
    return input !== 'records' || output !== 'records' || this.input === this.output + this.failed + this.filtered;
  }

  get metrics(): StepMetrics {
    return {
      step: this.#step.id,
      type: this.#step.component.type,
      durationSec: Math.round(this.clock.workMs) / 1000,
      input: this.input,
      output: this.output,
      failed: this.failed,
      filtered: this.filtered,
      balanced: this.balanced,
    };
  }
}

/** Counts of one arrow: what was handed over, and what the step at its end took. */
export class ArrowAccount {
  count = 0;
  readonly from: string;
  readonly to: string;
  readonly path: 'next' | 'error';

  constructor(from: string, to: string, path: 'next' | 'error') {
    this.from = from;
    this.to = to;
    this.path = path;
  }

  get metrics(): ArrowMetrics {
    return { from: this.from, to: this.to, path: this.path, count: this.count };
  }
}
