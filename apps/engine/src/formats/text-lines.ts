import { Batch, type DataRecord } from '#dataflow';
import type { BatchEncoder } from './parts.ts';

const nothing = new Uint8Array(0);

/** Writes what {@link toLines} made: one line for each record, ended by LF, in UTF-8. */
export const lineEncoder: BatchEncoder = {
  head: () => nothing,
  encode: (batch) => Buffer.from(batch.records.map(({ line }) => `${line}\n`).join('')),
  between: nothing,
  tail: nothing,
};

/**
 * The line of each record. A record for which `toLine` throws is rejected; one for which it returns undefined has no line.
 * The batches that come out hold `{ line }`.
 */
export async function* toLines(
  batches: AsyncIterable<Batch>,
  toLine: (record: DataRecord) => string | undefined,
  reject: (record: DataRecord, error: unknown) => void,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    const lines: DataRecord[] = [];
    for (const record of batch.records) {
      try {
        const line = toLine(record);
        if (line !== undefined) lines.push({ line });
      } catch (error) {
        reject(record, error);
      }
    }
    yield Batch.of(lines);
  }
}
