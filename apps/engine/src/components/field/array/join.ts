import { z } from 'zod';
import { changeColumns, compileChanges, defineRecordTransformer, type FieldChange, fieldPath, type Json } from '#dataflow';

export default defineRecordTransformer({
  type: 'field.array.join',
  title: 'Join a list',
  summary: 'Turns a list into one text.',
  notes: [
    'Items that are null become empty text; objects and lists inside become JSON. A field that is no list stays as it is.',
    'The name and the default of *separator* are not known from the original: they are chosen here.',
  ].join('\n\n'),
  limits: ['An item that holds the separator is not marked in any way.'],
  params: z.object({
    field: fieldPath().meta({ title: 'Field', help: 'Path of the list, such as data.interests.', source: 'doc' }),
    separator: z
      .string()
      .default(',')
      .meta({ title: 'Separator', help: 'What stands between two items.', examples: [',', '; '], source: 'choice' }),
  }),
  examples: [
    {
      title: 'Interests for a column of a file',
      params: { field: 'data.interests', separator: ';' },
      input: [
        { UID: 'u1', data: { interests: ['sport', 'music'] } },
        { UID: 'u2', data: { interests: 'none' } },
      ],
      output: [
        { UID: 'u1', data: { interests: 'sport;music' } },
        { UID: 'u2', data: { interests: 'none' } },
      ],
    },
  ],
  compile: (params) => compileChanges([toChange(params)]),
  compileColumns: (params) => {
    const change = toChange(params);
    return (columns) => changeColumns(columns, [change]);
  },
});

const toChange = ({ field: path, separator }: { field: string; separator: string }): FieldChange => ({
  path,
  change: (value) => (Array.isArray(value) ? value.map(textOf).join(separator) : value),
});

function textOf(item: Json): string {
  if (item === null) return '';
  return typeof item === 'object' ? JSON.stringify(item) : String(item);
}
