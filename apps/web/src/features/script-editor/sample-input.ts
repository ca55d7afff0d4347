import type { DataRecord } from '@idsync/engine/dataflow';

const samples: readonly (readonly [RegExp, string | number | boolean])[] = [
  [/e?mail$/i, 'ada@example.com'],
  [/first_?name$/i, 'Ada'],
  [/last_?name$|surname$/i, 'Lovelace'],
  [/^uid$|uid$/i, 'f3a1c0de'],
  [/year$/i, 1990],
  [/(is|has)[A-Z]|subscribed/, true],
  [/country$/i, 'GB'],
  [/city$/i, 'London'],
];

const sampleOf = (name: string) => samples.find(([pattern]) => pattern.test(name))?.[1] ?? 'text';

/** A record with the fields known to arrive, nested where their names have dots. */
export function sampleRecord(fields: readonly string[]): DataRecord {
  const record: DataRecord = {};
  for (const field of fields.length > 0 ? fields : ['UID', 'profile.email', 'profile.firstName']) {
    const parts = field.split('.');
    const last = parts.pop() ?? field;
    let at = record;
    for (const part of parts) {
      const inner = at[part];
      const next: DataRecord = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
      Object.defineProperty(at, part, { value: next, enumerable: true, configurable: true, writable: true });
      at = next;
    }
    Object.defineProperty(at, last, { value: sampleOf(field), enumerable: true, configurable: true, writable: true });
  }
  return record;
}
