import { type DataRecord, type Json, RecordError } from '#dataflow';

/**
 * The fields of a record for a platform whose fields hold one value each. Objects and lists that are empty, as renaming their last
 * field leaves them, are left out; others are refused with a RecordError.
 */
export function flatFields(record: DataRecord): [name: string, value: Json][] {
  return Object.entries(record).filter(([name, value]) => {
    if (typeof value !== 'object' || value === null) return true;
    if (Object.keys(value).length === 0) return false;
    const what = Array.isArray(value) ? 'a list' : 'an object';
    throw new RecordError(`Field ${name} holds ${what}; the platform takes one value. Flatten, rename or remove it in an earlier step.`, {
      code: 'invalidRecord',
    });
  });
}
