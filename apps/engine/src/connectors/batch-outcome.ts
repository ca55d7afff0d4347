import type { DataRecord } from '#dataflow';

/**
 * Which records of a batch were refused. They are rejected together when all calls of the batch are over, and not before: until
 * then a passing fault makes the runtime repeat the whole batch.
 */
export class BatchOutcome {
  readonly #refused = new Map<DataRecord, unknown>();

  /** Notes a refusal; the first one of a record counts. */
  readonly refuse = (record: DataRecord, error: unknown): void => {
    if (!this.#refused.has(record)) this.#refused.set(record, error);
  };

  /** Runs a function over one record; what it throws refuses the record. */
  attempt<T>(record: DataRecord, make: (record: DataRecord) => T): T | undefined {
    try {
      return make(record);
    } catch (thrown) {
      this.refuse(record, thrown);
      return undefined;
    }
  }

  /** Rejects what was refused and returns the other records. */
  settle(records: readonly DataRecord[], reject: (record: DataRecord, error: unknown) => void): DataRecord[] {
    for (const [record, error] of this.#refused) reject(record, error);
    return records.filter((record) => !this.#refused.has(record));
  }
}
