import { z } from 'zod';
import { compileMoves, defineRecordTransformer, fieldPath, moveColumns } from '#dataflow';

const movesOf = ({ fields }: { fields: string[] }) => fields.map((from) => ({ from, to: undefined }));

export default defineRecordTransformer({
  type: 'field.remove',
  title: 'Remove fields',
  summary: 'Removes fields or whole objects.',
  notes: 'A field that a record does not have is no error. An object that becomes empty stays.',
  limits: ['An item that is removed from a list moves the later ones up.'],
  params: z.object({
    fields: z
      .array(fieldPath())
      .meta({ title: 'Fields', help: 'Paths of the fields to remove, such as profile.email or profile.', fieldPath: true, source: 'doc' }),
  }),
  examples: [
    {
      title: 'A whole object and one nested field',
      params: { fields: ['profile', 'data.internal'] },
      input: [{ UID: 'u1', profile: { email: 'ann@example.com' }, data: { internal: 1, score: 2 } }],
      output: [{ UID: 'u1', data: { score: 2 } }],
    },
    {
      title: 'A column whose name holds a dot',
      params: { fields: ['profile.email'] },
      input: [{ UID: 'u1', 'profile.email': 'ann@example.com' }],
      output: [{ UID: 'u1' }],
    },
  ],
  compile: (params) => compileMoves(movesOf(params)),
  compileColumns: (params) => {
    const moves = movesOf(params);
    return (columns) => moveColumns(columns, moves);
  },
});
