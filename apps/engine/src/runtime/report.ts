import type { JobSnapshot, JobStatus } from '#dataflow';
import type { ArrowAccount, StepAccount } from './accounts.ts';
import type { RecordBudget } from './budget.ts';
import type { Redact } from './redact.ts';

interface Watched {
  accounts: readonly StepAccount[];
  arrows: readonly ArrowAccount[];
}

/** The state of a run, from its accounts. */
export class Report {
  #status: JobStatus = 'running';
  #outcome: string | undefined;
  #watched: Watched = { accounts: [], arrows: [] };
  #budget: RecordBudget | undefined;
  readonly #limit: number | undefined;
  readonly #redact: Redact;

  constructor(limit: number | undefined, redact: Redact) {
    this.#limit = limit;
    this.#redact = redact;
  }

  watch(watched: Watched, budget: RecordBudget): void {
    this.#watched = watched;
    this.#budget = budget;
  }

  /** Ends the run as succeeded, and says so when records failed or the books do not balance. */
  succeed(): void {
    const failed = this.#watched.accounts.reduce((sum, account) => sum + account.failed, 0);
    const unbalanced = this.#watched.accounts.filter((account) => !account.balanced).map((account) => account.metrics.step);
    const parts = [
      failed === 0 ? 'All records were handled.' : `${failed} ${failed === 1 ? 'record has' : 'records have'} failed; see Errors.`,
      ...(unbalanced.length > 0 ? [`Unbalanced: the counts of ${unbalanced.join(', ')} do not add up.`] : []),
    ];
    this.end('succeeded', parts.join(' '));
  }

  end(status: JobStatus, outcome: string): void {
    this.#status = status;
    this.#outcome = outcome;
  }

  snapshot(): JobSnapshot {
    const { accounts, arrows } = this.#watched;
    return {
      status: this.#status,
      processedRecords: this.#budget?.taken ?? 0,
      totalRecords: this.#total(),
      // While records are under way the two sides of a step differ; only the end can be out of balance.
      steps: accounts.map(({ metrics }) => (this.#status === 'running' ? { ...metrics, balanced: true } : metrics)),
      arrows: arrows.map((arrow) => arrow.metrics),
      errors: accounts.flatMap((account) => account.errors).map((group) => ({ ...group, message: this.#redact(group.message) })),
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
    };
  }

  /** Known when every step that brings records in said how many; never more than the limit. */
  #total(): number | undefined {
    const expected = this.#watched.accounts.filter((account) => account.introduces).map((account) => account.expected);
    if (this.#status === 'succeeded') return this.#budget?.taken;
    if (expected.length === 0 || expected.includes(undefined)) return undefined;
    const sum = expected.reduce<number>((total, count) => total + (count ?? 0), 0);
    return Math.min(sum, this.#limit ?? sum);
  }
}
