import { compileGet, type DataRecord, type Json, RecordError } from '#dataflow';
import { attributesOf } from '../attribute-values.ts';

/** Keys with a meaning of their own, whose values are numbers of traits: added, removed, added by rule. */
const traitKeys = new Set(['d_sid', 'd_unsid', 'ic']);

/**
 * Makes the line of a record: user id, tab, then `"key"="value"` for each field with a value, `d_sid=24` for numbers of traits. Undefined when
 * there is none. Throws a RecordError when the id is missing or one that Audience Manager does not take.
 */
export function aamLines({ idField }: { idField: string }): (record: DataRecord) => string | undefined {
  const getId = compileGet(idField);
  return (record) => aamLine(record, getId(record), idField);
}

function aamLine(record: DataRecord, value: Json | undefined, idField: string): string | undefined {
  const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (id === '')
    throw new RecordError(`The field ${idField} is missing or empty; Audience Manager needs it to find the user.`, {
      code: 'invalidRecord',
    });
  if (/[\s:]|%3A/i.test(id))
    throw new RecordError(`The field ${idField} holds a colon or a blank, which Audience Manager does not take in user ids.`, {
      code: 'invalidRecord',
    });
  const pairs = attributesOf(record, idField).flatMap(({ name, values }) =>
    values.map((text) => (traitKeys.has(name) ? `${name}=${plain(text)}` : `"${plain(name)}"="${plain(text)}"`)),
  );
  return pairs.length === 0 ? undefined : `${id}\t${pairs.join(',')}`;
}

/** Tabs and line ends may not stand in keys and values, and quotes there cannot be escaped. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('"', "'");
