import { z } from 'zod';
import { defineFormatter, fieldPath } from '#dataflow';
import { kruxLines } from '#formats/krux/line.ts';
import { partBytes, partNames, partParams } from '#formats/part-params.ts';
import { formatParts } from '#formats/parts.ts';
import { lineEncoder, toLines } from '#formats/text-lines.ts';

export default defineFormatter({
  type: 'file.format.krux',
  title: 'Format for Krux',
  summary: 'Writes records as a first-party data file of Krux (Salesforce DMP, Audience Studio).',
  notes: [
    'One line for each user: `id^attribute:value;attribute:value,value`, in UTF-8, without a header. So Salesforce’s *Audience Studio Data Import Specification* has it.',
    '',
    '- The field `id` is the user’s id as the user matching sent it; the dataflow template renames `UID` to it. Every other field is an attribute of its own name: `g_gender`, `g_age`, `likes` …',
    '- Lists give several values, of objects in them their `name`; so `likes` can be passed as Gigya has it. Objects give one attribute for each of their fields (`g_address.city`). Fields without a value are left out.',
    '- The characters `^ ; : ,` and line ends separate parts of the line and cannot be escaped; inside values they become blanks.',
    '- Krux wants files compressed with LZO, with an index: put `file.compress.lzo` with `createIndexFile` behind this step.',
    '- Krux takes all attributes of a user from each file: send them all, not only those that changed.',
  ].join('\n'),
  faults: [
    {
      when: 'A record has no id',
      effect: 'It goes to the error path with code 400009; the others are written.',
      remedy: 'Rename the field that holds the id to id.',
    },
  ],
  limits: ['Values of more than 254 characters are cut, as Krux takes no longer ones; the trace names the attribute once.'],
  params: z.object({
    fileName: partParams.fileName,
    addUniqueSuffix: partParams.addUniqueSuffix,
    idField: fieldPath()
      .default('id')
      .meta({ title: 'Id field', help: 'The field that holds the id of the user.', advanced: true, source: 'choice' }),
    maxFileSize: partParams.maxFileSize,
    createEmptyFile: partParams.createEmptyFile,
  }),
  examples: [
    {
      title: 'Gender, age and likes of users',
      params: { fileName: 'krux.csv' },
      input: [
        { id: 'u1', g_gender: 'f', g_age: 34, likes: [{ name: 'Sailing' }, { name: 'Rock; Pop' }] },
        { id: 'u2', g_gender: null, g_age: 51 },
        { g_age: 20 },
      ],
      outputFiles: { 'krux.csv': 'u1^g_gender:f;g_age:34;likes:Sailing,Rock Pop\nu2^g_age:51\n' },
      errors: [
        {
          g_age: 20,
          _errorDetails: { errorCode: 400009, errorMessage: 'The field id is missing or empty; Krux needs it to find the user.' },
        },
      ],
    },
  ],
  format(batches, ctx) {
    const { idField, maxFileSize, createEmptyFile } = ctx.params;
    const cut = new Set<string>();
    const onCut = (attribute: string) => {
      if (!cut.has(attribute)) ctx.log.warn(`Values of ${attribute} are longer than 254 characters and were cut.`);
      cut.add(attribute);
    };
    const lines = toLines(batches, kruxLines({ idField, onCut }), ctx.reject);
    return formatParts(lines, lineEncoder, { nameOf: partNames(ctx), maxBytes: partBytes(maxFileSize), createEmptyFile });
  },
});
