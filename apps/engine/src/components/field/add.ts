import { z } from 'zod';
import { type CompileContext, compileWrites, defineRecordTransformer, fieldPath, type RowColumn, writeColumn } from '#dataflow';

const field = z.object({
  field: fieldPath().meta({
    title: 'Field',
    help: "Where the value goes. A dot builds objects; 'a.b' in apostrophes is one name.",
    source: 'obs',
  }),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .default('')
    .meta({
      title: 'Value',
      help: `A constant. Text may hold placeholders, such as \${jobId} or \${now:yyyy-MM-dd}.`,
      placeholders: true,
      examples: ['true', `\${jobId}`],
      source: 'obs',
    }),
});

type Fields = z.output<typeof field>[];
const filled = (fields: Fields, ctx: CompileContext) => fields.map(({ value }) => (typeof value === 'string' ? ctx.fill(value) : value));

export default defineRecordTransformer({
  type: 'field.add',
  title: 'Add fields',
  summary: 'Adds fields with constant values or placeholders.',
  notes: [
    'A field that is there already gets the new value. Placeholders are filled once, when the job starts; other text with a dollar sign and braces stays as it is.',
    'When a value that is no object stands in the way of a path, the record fails and keeps all its fields.',
  ].join('\n\n'),
  faults: [
    {
      when: 'A text, number or boolean stands where the path needs an object',
      effect: 'The record goes to the error path with code 400009, with its values as they were.',
      remedy: 'Write to another field, or remove the one in the way first.',
    },
  ],
  limits: ['One value for all records of a job; what depends on the record is computed by field.evaluate.'],
  params: z.object({
    fields: z.array(field).meta({ title: 'Fields', help: 'Each field to add, with its value.', source: 'obs' }),
  }),
  examples: [
    {
      title: 'A mark and a nested field',
      params: {
        fields: [
          { field: 'deletedUser', value: 'true' },
          { field: 'data.origin', value: 'import' },
        ],
      },
      input: [{ UID: 'u1', data: { score: 2 } }, { UID: 'u2' }],
      output: [
        { UID: 'u1', data: { score: 2, origin: 'import' }, deletedUser: 'true' },
        { UID: 'u2', deletedUser: 'true', data: { origin: 'import' } },
      ],
    },
  ],
  compile: ({ fields }, ctx) => {
    const values = filled(fields, ctx);
    const { write } = compileWrites(fields.map(({ field: path }) => path));
    return (record) => write(record, values);
  },
  compileColumns: ({ fields }, ctx) => {
    const values = filled(fields, ctx);
    return (columns) =>
      fields.reduce<readonly RowColumn[] | undefined>(
        (changed, { field: path }, i) => changed && writeColumn(changed, path, (name) => ({ name, constant: values[i] ?? null })),
        columns,
      );
  },
});
