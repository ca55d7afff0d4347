import { type DataRecord, RecordError } from '#dataflow';
import { type GigyaAnswer, RefusedCall } from './outcome.ts';

export interface EachWrite {
  /** One call for one record. */
  call(record: DataRecord): Promise<GigyaAnswer>;
  /** Add the platform's answer to the record as `_response`, refusals included. */
  addResponse: boolean;
  reject(record: DataRecord, error: unknown): void;
}

/** Writes records one after the other. Returns those that were written; those that the platform refused were rejected. */
export async function writeEach(records: readonly DataRecord[], { call, addResponse, reject }: EachWrite): Promise<DataRecord[]> {
  const written: DataRecord[] = [];
  for (const record of records) {
    try {
      const answer = await call(record);
      if (addResponse) record._response = answer;
      written.push(record);
    } catch (thrown) {
      if (!(thrown instanceof RecordError)) throw thrown;
      reject(addResponse && thrown instanceof RefusedCall ? { ...record, _response: thrown.answer } : record, thrown);
    }
  }
  return written;
}
