import { z } from 'zod';
import { type DataRecord, defineRecordTransformer, fieldPath, type Json, parseFieldPath, put } from '#dataflow';

export default defineRecordTransformer({
  type: 'field.move',
  title: 'Move fields',
  summary: 'Changes the order of fields, which is the order of columns in a file.',
  notes: [
    'The fields stand behind the field named in *after*, in the order in which they are listed. A field that a record does not have is left out, and a record without the field *after* stays as it is.',
    'Only fields of the top level have an order worth changing: a name with a dot means the field of exactly that name.',
  ].join('\n\n'),
  limits: ['Names that are whole numbers (`0`, `17`) always stand first, in order of size: JavaScript objects keep them so.'],
  params: z.object({
    fields: z
      .array(fieldPath())
      .min(1)
      .meta({ title: 'Fields', help: 'The fields to move, in the order they shall have.', fieldPath: true, source: 'doc' }),
    after: fieldPath().meta({ title: 'After', help: 'The field behind which they are placed.', source: 'doc' }),
  }),
  examples: [
    {
      title: 'The address first, behind the id',
      params: { fields: ['email', 'country'], after: 'UID' },
      input: [{ UID: 'u1', name: 'Ann', country: 'de', email: 'ann@example.com' }],
      output: [{ UID: 'u1', email: 'ann@example.com', country: 'de', name: 'Ann' }],
    },
  ],
  compile: (params) => {
    const order = compileOrder(params);
    return (record) => {
      const keys = Object.keys(record);
      const wanted = order(keys);
      return wanted === keys ? record : inOrder(record, wanted);
    };
  },
  compileColumns: (params) => {
    const order = compileOrder(params);
    return (columns) => {
      const names = columns.map(({ name }) => name);
      // Of two columns with one name the later one counts: which place they get depends on it.
      if (new Set(names).size < names.length) return undefined;
      return order(names).flatMap((name) => columns.filter((column) => column.name === name));
    };
  },
});

/** The keys in their new order; the very list when nothing moves. Records of one flow mostly have the same keys, so the last answer is kept. */
function compileOrder({ fields, after }: { fields: string[]; after: string }): (keys: string[]) => string[] {
  const behind = parseFieldPath(after).key;
  const moved = [...new Set(fields.map((path) => parseFieldPath(path).key))].filter((key) => key !== behind);
  let seen: string[] = [];
  let answer: string[] = [];
  return (keys) => {
    if (!keys.includes(behind)) return keys;
    if (keys.length === seen.length && keys.every((key, i) => key === seen[i])) return answer;
    const present = moved.filter((key) => keys.includes(key));
    seen = keys;
    answer = keys.filter((key) => !present.includes(key)).flatMap((key) => (key === behind ? [key, ...present] : [key]));
    return answer;
  };
}

function inOrder(record: DataRecord, keys: readonly string[]): DataRecord {
  const ordered: DataRecord = {};
  for (const key of keys) put(ordered, key, record[key] as Json);
  return ordered;
}
