import { z } from 'zod';
import {
  compileGet,
  compileSet,
  type DataRecord,
  defineRecordTransformer,
  fieldPath,
  type Json,
  parseFieldPath,
  put,
  selectColumns,
} from '#dataflow';

export default defineRecordTransformer({
  type: 'field.select',
  title: 'Select fields',
  summary: 'Keeps only the named fields.',
  notes: [
    'Fields keep the order they have in the record; field.move changes it. A field that a record does not have is no error.',
    'Of an object, `profile.email` keeps that member alone, and `profile` all of them. A path that leads through a list keeps the whole list.',
  ].join('\n\n'),
  limits: ['The members that are kept of one object stand in the order in which they are named.'],
  params: z.object({
    fields: z
      .array(fieldPath())
      .min(1)
      .meta({ title: 'Fields', help: 'Paths of the fields to keep, such as UID or profile.email.', fieldPath: true, source: 'doc' }),
  }),
  examples: [
    {
      title: 'A column and one member of an object',
      params: { fields: ['profile.email', 'UID'] },
      input: [{ UID: 'u1', created: 1, profile: { email: 'ann@example.com', age: 41 } }, { UID: 'u2' }],
      output: [{ UID: 'u1', profile: { email: 'ann@example.com' } }, { UID: 'u2' }],
    },
  ],
  compile: ({ fields }) => {
    const selections = fields.map(selectionOf);
    return (record) => {
      const kept: DataRecord = {};
      for (const key of Object.keys(record)) {
        for (const selection of selections) selection(record, key, kept);
      }
      return kept;
    };
  },
  compileColumns: ({ fields }) => {
    return (columns) => selectColumns(columns, fields);
  },
});

/** Puts what a path means into the kept record, when the loop over the record's keys comes to it. */
function selectionOf(path: string): (record: DataRecord, key: string, kept: DataRecord) => void {
  const { key: name, parts } = parseFieldPath(path);
  const [first = ''] = parts ?? [];
  const [get, set] = [compileGet(path), compileSet(path)];
  return (record, key, kept) => {
    if (key === name) put(kept, key, record[key] as Json);
    if (key !== first || !parts || Object.hasOwn(record, name)) return;
    const value = get(record);
    if (value === undefined || isKept(record, kept, first)) return;
    if (leadsThroughList(record, parts)) put(kept, first, record[first] as Json);
    else set(kept, value);
  };
}

/** The whole object is kept already. */
const isKept = (record: DataRecord, kept: DataRecord, key: string): boolean => Object.hasOwn(kept, key) && kept[key] === record[key];

function leadsThroughList(record: DataRecord, parts: readonly string[]): boolean {
  let at: Json | undefined = record;
  for (const part of parts) {
    if (Array.isArray(at)) return true;
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return false;
}
