import { z } from 'zod';
import { defineParser } from '#dataflow';
import { knowsCharset, toUtf8 } from '#formats/charset.ts';
import { parseJson } from '#formats/json/parse.ts';
import { rejectMalformed } from '#formats/malformed.ts';

export default defineParser({
  type: 'file.parse.json',
  title: 'Parse JSON',
  summary: 'Turns JSON files into records: a list of objects, one object, or an object on each line.',
  notes: [
    'Read element by element, so files of any size pass through little memory.',
    '',
    '- A list gives a record for each of its objects. An object gives one record; with `wrapField` it is the object around the list in that field. Objects that follow each other, each on a line of its own (NDJSON) or not, give a record each.',
    '- An element that is not valid JSON, not an object, or not UTF-8 fails: it goes to the error path as `{ _file, _line, _raw }` (at most 10,000 characters) with code 400010, and reading goes on with the next element. Commas that are missing or doubled between elements are tolerated.',
    '- The job fails where no next element can be found: the file ends inside an element or before its list is closed, other text follows the list, an element is longer than 64 MB.',
    '- UTF-8 with or without a byte order mark; UTF-16 when a mark says so; other charsets by `fileCharset`. An empty file gives no records.',
    '- `addFilename` adds the field `_filename`.',
  ].join('\n'),
  faults: [
    {
      when: 'An element is not valid JSON, no object, not UTF-8, or nested too deep',
      effect: 'It goes to the error path with code 400010; reading goes on with the next one.',
      remedy: 'The trace names the line; have the sender correct it.',
    },
    {
      when: 'The file is cut off, or other text follows its list',
      effect: 'The job fails; the elements before have gone on.',
      remedy: 'Have the file sent again; the message names the line.',
    },
  ],
  limits: ['64 MB for one element; a longer one fails the job.', '1,000 levels of nesting; a deeper element goes to the error path.'],
  params: z.object({
    addFilename: z
      .boolean()
      .default(false)
      .meta({ title: 'Add file name', help: 'Adds the name of the file to each record, as `_filename`.', source: 'obs' }),
    fileCharset: z
      .string()
      .refine(knowsCharset, {
        message: 'This charset is not known. Use UTF-8, auto-detect, ISO-8859-1, windows-1252, UTF-16 or another IANA name.',
      })
      .default('UTF-8')
      .meta({
        title: 'Charset',
        help: 'Encoding of the files, or auto-detect. JSON is UTF-8 by its standard.',
        advanced: true,
        source: 'choice',
      }),
    wrapField: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'Field of the list',
        help: 'When the file holds one object around the list: the field the list stands in.',
        examples: ['results'],
        advanced: true,
        source: 'choice',
      }),
  }),
  examples: [
    {
      title: 'A list of objects',
      params: {},
      inputFiles: { 'accounts.json': '[{"UID": "1", "profile": {"age": 42}}, {"UID": "2"}]' },
      output: [{ UID: '1', profile: { age: 42 } }, { UID: '2' }],
    },
    {
      title: 'One object on each line, and one that is broken',
      params: { addFilename: true },
      inputFiles: { 'a.ndjson': '{"UID":"1"}\n{"UID":"2"\n{"UID":"3"}\n' },
      output: [
        { UID: '1', _filename: 'a.ndjson' },
        { UID: '3', _filename: 'a.ndjson' },
      ],
      errors: [
        {
          _file: 'a.ndjson',
          _line: 2,
          _raw: '{"UID":"2"',
          _errorDetails: { errorCode: 400010, errorMessage: 'A JSON element of a.ndjson cannot be read: it is not valid JSON.' },
        },
      ],
    },
    {
      title: 'A list inside an object',
      params: { wrapField: 'results' },
      inputFiles: { 'a.json': '{"totalCount": 1, "results": [{"UID": "1"}]}' },
      output: [{ UID: '1' }],
    },
  ],
  async *parse(file, ctx) {
    const { wrapField, addFilename, fileCharset } = ctx.params;
    const text = await toUtf8(file.read(), fileCharset);
    const options = { fileName: file.name, wrapField, onMalformed: rejectMalformed(ctx, file, 'element') };
    for await (const batch of parseJson(text.chunks, options)) {
      if (addFilename) for (const record of batch.records) record._filename = file.name;
      yield batch;
    }
  },
});
