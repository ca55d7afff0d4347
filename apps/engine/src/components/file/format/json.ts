import { z } from 'zod';
import { defineFormatter } from '#dataflow';
import { JsonEncoder } from '#formats/json/format.ts';
import { partBytes, partNames, partParams } from '#formats/part-params.ts';
import { formatParts } from '#formats/parts.ts';

export default defineFormatter({
  type: 'file.format.json',
  title: 'Format JSON',
  summary: 'Writes all records as one JSON list, or one record on each line.',
  notes: [
    'UTF-8 without a byte order mark, one record on each line in either layout. With `wrapField` the list stands in an object: `{"name":[…]}`.',
    '',
    '- `maxFileSize` counts bytes before compression; each part is a complete JSON file. Parts are `name.json`, `name_1.json`, `name_2.json` …',
    '- `createEmptyFile` makes a file with an empty list when there were no records (zero bytes in the layout `lines`).',
  ].join('\n'),
  limits: [
    'A single record may be larger than maxFileSize; it then has a file of its own.',
    'A record that was made deeper than some thousand levels by a script cannot be written and fails the job.',
  ],
  params: z
    .object({
      fileName: partParams.fileName,
      addUniqueSuffix: partParams.addUniqueSuffix,
      wrapField: z
        .string()
        .min(1)
        .optional()
        .meta({
          title: 'Field of the list',
          help: 'Puts the list into an object, under this name.',
          examples: ['accounts'],
          source: 'obs',
        }),
      layout: z.enum(['array', 'lines']).default('array').meta({
        title: 'Layout',
        help: 'array: one list of all records. lines: one record on each line and no list around them (NDJSON).',
        advanced: true,
        source: 'choice',
      }),
      maxFileSize: partParams.maxFileSize,
      createEmptyFile: partParams.createEmptyFile,
    })
    .refine(({ layout, wrapField }) => layout === 'array' || wrapField === undefined, {
      path: ['wrapField'],
      message: 'The layout lines has no list to wrap; remove wrapField or use the layout array.',
    }),
  examples: [
    {
      title: 'One list',
      params: { fileName: 'accounts.json' },
      input: [{ UID: '1', profile: { age: 42 } }, { UID: '2' }],
      outputFiles: { 'accounts.json': '[\n{"UID":"1","profile":{"age":42}},\n{"UID":"2"}\n]\n' },
    },
    {
      title: 'A list in an object',
      params: { fileName: 'a.json', wrapField: 'accounts' },
      input: [{ UID: '1' }],
      outputFiles: { 'a.json': '{"accounts":[\n{"UID":"1"}\n]}\n' },
    },
    {
      title: 'One record on each line',
      params: { fileName: 'a.ndjson', layout: 'lines' },
      input: [{ UID: '1' }, { UID: '2' }],
      outputFiles: { 'a.ndjson': '{"UID":"1"}\n{"UID":"2"}\n' },
    },
  ],
  format(batches, ctx) {
    const { layout, wrapField, maxFileSize, createEmptyFile } = ctx.params;
    return formatParts(batches, new JsonEncoder({ layout, wrapField }), {
      nameOf: partNames(ctx),
      maxBytes: partBytes(maxFileSize),
      createEmptyFile,
    });
  },
});
