import type { DataRecord } from '#dataflow';

/**
 * Spreads records over rounds to be sent one after the other, so that no round has the same key twice: platforms refuse such a
 * call or keep any of the two, and here the later record wins. Most batches are one round.
 */
export function distinctRounds(records: readonly DataRecord[], keyOf: (record: DataRecord) => string): DataRecord[][] {
  const rounds: DataRecord[][] = [];
  const seen = new Map<string, number>();
  for (const record of records) {
    const key = keyOf(record);
    const at = seen.get(key) ?? 0;
    seen.set(key, at + 1);
    const round = rounds[at] ?? [];
    if (round.push(record) === 1) rounds.push(round);
  }
  return rounds;
}
