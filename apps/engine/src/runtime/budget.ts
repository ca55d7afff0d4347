import { Batch } from '#dataflow';

/** The job's "Limit to … records", shared by all steps that bring records in. */
export class RecordBudget {
  taken = 0;
  readonly #limit: number;

  constructor(limit: number | undefined) {
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
  }

  get spent(): boolean {
    return this.taken >= this.#limit;
  }

  take(batch: Batch): Batch {
    const left = this.#limit - this.taken;
    const cut = batch.size <= left ? batch : Batch.of(batch.records.slice(0, left));
    this.taken += cut.size;
    return cut;
  }
}
