import { z } from 'zod';
import {
  compileGet,
  compileWrites,
  copyColumns,
  copyRecord,
  defineRecordTransformer,
  fieldPath,
  type Json,
  overlap,
  type RecordFunction,
} from '#dataflow';

const field = z.object({
  sourceField: fieldPath().meta({ title: 'Source field', help: 'The field to copy, such as profile.email.', source: 'inf' }),
  targetField: fieldPath().meta({
    title: 'Target field',
    help: "Where the copy goes. A dot builds objects; 'a.b' in apostrophes is one name.",
    source: 'inf',
  }),
});

type Copies = { from: string; to: string }[];
const copiesOf = ({ fields }: { fields: z.output<typeof field>[] }): Copies =>
  fields.map(({ sourceField, targetField }) => ({ from: sourceField, to: targetField }));

export default defineRecordTransformer({
  type: 'field.copy',
  title: 'Copy fields',
  summary: 'Copies values to further fields.',
  notes: [
    'Entries are applied in order; a later one sees the copies of those before it. A record without the source field stays as it is, and a field that stood under the target name is replaced.',
    'When a value that is no object stands in the way of the target, the record fails and keeps all its fields.',
    'The names of the parameters are those of field.rename.',
  ].join('\n\n'),
  faults: [
    {
      when: 'A text, number or boolean stands where the path needs an object',
      effect: 'The record goes to the error path with code 400009, with its values as they were.',
      remedy: 'Write to another field, or remove the one in the way first.',
    },
  ],
  limits: ['A value that is copied into a list needs a place in it.'],
  params: z.object({
    fields: z.array(field).min(1).meta({ title: 'Fields', help: 'Each field to copy, with the field it is copied to.', source: 'inf' }),
  }),
  examples: [
    {
      title: 'The address as login and in the profile',
      params: {
        fields: [
          { sourceField: 'email', targetField: 'loginID' },
          { sourceField: 'email', targetField: 'profile.email' },
        ],
      },
      input: [{ email: 'ann@example.com' }, { UID: 'u2' }],
      output: [{ email: 'ann@example.com', loginID: 'ann@example.com', profile: { email: 'ann@example.com' } }, { UID: 'u2' }],
    },
  ],
  compile: (params) => {
    const copies = copiesOf(params);
    return overlap(copies.flatMap(({ from, to }) => [from, to])) ? inOrder(copies) : atOnce(copies);
  },
  compileColumns: (params) => {
    const copies = copiesOf(params);
    return (columns) => copyColumns(columns, copies);
  },
});

function atOnce(copies: Copies): RecordFunction {
  const gets = copies.map(({ from }) => compileGet(from));
  const { write } = compileWrites(copies.map(({ to }) => to));
  return (record) =>
    write(
      record,
      gets.map((get) => own(get(record))),
    );
}

/** Works on a copy, so that a late failure leaves the record as it came. */
function inOrder(copies: Copies): RecordFunction {
  const steps = copies.map((copy) => atOnce([copy]));
  return (record) => steps.reduce((changed, step) => step(changed) ?? changed, copyRecord(record));
}

/** A later step may change the copy without the original noticing. */
function own(value: Json | undefined): Json | undefined {
  return typeof value === 'object' && value !== null ? copyRecord({ value }).value : value;
}
