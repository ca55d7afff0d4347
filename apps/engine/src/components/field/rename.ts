import { z } from 'zod';
import { compileMoves, defineRecordTransformer, fieldPath, moveColumns } from '#dataflow';

const field = z.object({
  sourceField: fieldPath().meta({ title: 'Source field', help: 'The field as it is called now, such as profile.email.', source: 'doc' }),
  targetField: fieldPath().meta({
    title: 'Target field',
    help: "Its new name. A dot builds objects: profile.email. In apostrophes the whole is one name: 'profile.email'.",
    source: 'doc',
  }),
});

type Params = { fields: z.output<typeof field>[] };
const movesOf = ({ fields }: Params) => fields.map(({ sourceField, targetField }) => ({ from: sourceField, to: targetField }));

export default defineRecordTransformer({
  type: 'field.rename',
  title: 'Rename fields',
  summary: 'Moves values from one field path to another.',
  notes: [
    'Entries are applied in order. A record without the source field stays as it is, and a field that stood under the target name is replaced.',
    'A top-level field keeps its place under its new name, so the columns of a file keep their order. A value that comes out of an object, or goes into one, stands last.',
    'An object that becomes empty stays: rename `profile.email`, then remove `profile` with field.remove.',
    'When a value that is no object stands in the way of the target, the record fails and keeps all its fields.',
  ].join('\n\n'),
  faults: [
    {
      when: 'A text, number or boolean stands where the path needs an object',
      effect: 'The record goes to the error path with code 400009, with its values as they were.',
      remedy: 'Write to another field, or remove the one in the way first.',
    },
  ],
  limits: ['A value that moves into a list needs a place in it: `emails.0` to `emails.<length>`.'],
  params: z.object({
    fields: z.array(field).meta({ title: 'Fields', help: 'Each field to rename, with its new name.', source: 'doc' }),
  }),
  examples: [
    {
      title: 'Out of the profile; the emptied object stays',
      params: { fields: [{ sourceField: 'profile.email', targetField: 'EMAIL' }] },
      input: [{ UID: 'u1', profile: { email: 'ann@example.com' } }, { UID: 'u2' }],
      output: [{ UID: 'u1', profile: {}, EMAIL: 'ann@example.com' }, { UID: 'u2' }],
    },
    {
      title: 'Into objects, and to one name with a dot',
      params: {
        fields: [
          { sourceField: 'Email', targetField: 'profile.email' },
          { sourceField: 'Sex', targetField: "'profile.gender'" },
        ],
      },
      input: [{ Email: 'ann@example.com', Sex: 'f', City: 'Bonn' }],
      output: [{ 'profile.gender': 'f', City: 'Bonn', profile: { email: 'ann@example.com' } }],
    },
    {
      title: 'A value in the way fails the record',
      params: { fields: [{ sourceField: 'Email', targetField: 'profile.email' }] },
      input: [{ Email: 'ann@example.com', profile: 'gold' }],
      output: [],
      errors: [
        {
          Email: 'ann@example.com',
          profile: 'gold',
          _errorDetails: {
            errorCode: 400009,
            errorMessage: 'Field profile.email cannot be set: profile holds a string. Write to another field, or remove profile first.',
          },
        },
      ],
    },
  ],
  compile: (params) => compileMoves(movesOf(params)),
  compileColumns: (params) => {
    const moves = movesOf(params);
    return (columns) => moveColumns(columns, moves);
  },
});
