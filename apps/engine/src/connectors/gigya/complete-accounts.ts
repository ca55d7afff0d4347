import { compileGet, compileSet, type DataRecord, RecordError, RetryableError } from '#dataflow';
import type { GigyaConnection } from './client.ts';
import { type SelectColumn, topLevelOf } from './select-list.ts';

/** Top-level fields that a search of `accounts` leaves out and accounts.getAccountInfo gives. */
const unsearchable = new Set(['subscriptions', 'password']);

export const needsAccountInfo = ({ source }: SelectColumn): boolean => unsearchable.has(topLevelOf(source));

export interface Completion {
  columns: readonly SelectColumn[];
  /** Calls in flight. */
  concurrency: number;
  reject(record: DataRecord, error: unknown): void;
}

/**
 * Adds to found accounts, in place, what the search could not give: one accounts.getAccountInfo for each. Returns those
 * that were completed, in their order; an account that is gone by now, or
 * that the platform cannot give however often it is asked, was rejected.
 */
export async function completeAccounts(
  gigya: GigyaConnection,
  records: DataRecord[],
  { columns, concurrency, reject }: Completion,
): Promise<DataRecord[]> {
  const include = [...new Set(columns.map(({ source }) => topLevelOf(source)))].join(',');
  const moves = columns.map(({ source, target }) => ({ get: compileGet(source), set: compileSet(target) }));
  const failed = new Set<DataRecord>();
  const complete = async (record: DataRecord) => {
    try {
      const info = await gigya.read('accounts.getAccountInfo', { UID: record.UID, include });
      for (const { get, set } of moves) {
        const value = get(info);
        if (value !== undefined) set(record, value);
      }
    } catch (thrown) {
      const ofRecord = thrown instanceof RecordError || (thrown instanceof RetryableError && thrown.ofRecords);
      if (!ofRecord) throw thrown;
      failed.add(record);
      reject(record, thrown);
    }
  };
  const waiting = records.values();
  const lane = async () => {
    for (const record of waiting) await complete(record);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, records.length) }, lane));
  return failed.size === 0 ? records : records.filter((record) => !failed.has(record));
}
