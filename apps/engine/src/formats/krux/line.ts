import { compileGet, type DataRecord, type Json, RecordError } from '#dataflow';
import { attributesOf } from '../attribute-values.ts';

/** Krux takes values of fewer than 255 characters. */
const longestValue = 254;

/** Separators of the format, and what ends a line: they cannot be escaped, so they become blanks. */
const separators = /[\^;:,\s]+/g;

/**
 * Makes the line of a record: `id^attribute:value;attribute:value,value`. Values that are too long are cut and told to `onCut`.
 * Throws a RecordError when the record has no id.
 */
export function kruxLines({ idField, onCut }: { idField: string; onCut(attribute: string): void }): (record: DataRecord) => string {
  const getId = compileGet(idField);
  return (record) => kruxLine(record, { id: getId(record), idField, onCut });
}

function kruxLine(
  record: DataRecord,
  { id, idField, onCut }: { id: Json | undefined; idField: string; onCut(attribute: string): void },
): string {
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id).trim() === '')
    throw new RecordError(`The field ${idField} is missing or empty; Krux needs it to find the user.`, { code: 'invalidRecord' });
  const attributes = attributesOf(record, idField).map(({ name, values }) => {
    const cut = values.map((value) => {
      const clean = value.replace(separators, ' ').trim();
      if (clean.length > longestValue) onCut(name);
      return clean.slice(0, longestValue);
    });
    return `${name.replace(separators, '_')}:${cut.filter((value) => value !== '').join(',')}`;
  });
  return `${String(id).replace(/[\^\s]+/g, '')}^${attributes.filter((attribute) => !attribute.endsWith(':')).join(';')}`;
}
