import { z } from 'zod';
import { defineFormatter } from '#dataflow';
import { checkDialect, readSeparator } from '#formats/dsv/dialect.ts';
import { DsvEncoder } from '#formats/dsv/format.ts';
import { partBytes, partParams } from '#formats/part-params.ts';
import { formatParts } from '#formats/parts.ts';

const lineEnds: Record<string, string> = { '\\n': '\n', '\\r\\n': '\r\n', '\\r': '\r', lf: '\n', crlf: '\r\n', cr: '\r' };
const readLineEnd = (text: string): string => lineEnds[text.toLowerCase()] ?? text;

export default defineFormatter({
  type: 'file.format.dsv',
  title: 'Format DSV',
  summary: 'Writes records as CSV, TSV or other delimited text.',
  notes: [
    'The columns are the fields of the first batch of records (up to 1,024), in order of appearance, or those listed in `columns`. A field that first shows up later has no column: it is left out and logged once. List the columns when records differ.',
    '',
    '- Objects and arrays are written as JSON text in one cell; `null` and missing fields as an empty cell. Rename `profile.email` to a flat name, or list it in `columns` after flattening, to get it as a column of its own.',
    '- Cells with separators, quotes or line ends are put in quotes; `quoteFields` quotes all of them. A row of a single empty cell is written as `""`, because readers skip blank lines.',
    '- `dsvFormatVersion` **Standard** follows RFC 4180: quotes inside quotes are doubled, and `escapeCharacter`, which the console always stores as a backslash, is not used. **Escaped** writes the escape character before quotes and before itself instead.',
    '- `maxFileSize` counts bytes before compression; every part has the header. Parts are `name.csv`, `name_1.csv`, `name_2.csv` …',
    '- `createEmptyFile` makes a file when there were no records: with the header if `columns` is set, else of zero bytes.',
    '- Always UTF-8 without a byte order mark. Cells of parsed rows that no step changed are copied byte for byte.',
  ].join('\n'),
  params: z
    .object({
      fileName: partParams.fileName,
      columnSeparator: z
        .string()
        .min(1)
        .meta({
          title: 'Column separator',
          help: 'One or more characters between cells. `tab` or `\\t` means the tab character.',
          examples: [',', ';', 'tab', '|'],
          source: 'doc',
        }),
      quoteFields: z.boolean().default(false).meta({ title: 'Quote all fields', help: 'Puts every cell in quotes.', source: 'obs' }),
      writeHeader: z
        .boolean()
        .default(true)
        .meta({ title: 'Header row', help: 'The first row holds the names of the columns.', source: 'obs' }),
      columns: z.array(z.string()).min(1).optional().meta({
        title: 'Columns',
        help: 'The fields to write, in this order. Without it, the fields of the first records.',
        advanced: true,
        source: 'choice',
      }),
      lineEnd: z
        .string()
        .refine((end) => /^(\r\n|\n|\r)$/.test(readLineEnd(end)), { message: 'Use \\n, \\r\\n or \\r.' })
        .default('\n')
        .meta({
          title: 'Line end',
          help: 'What ends a row: `\\n`, `\\r\\n` or `\\r`.',
          examples: ['\\n', '\\r\\n'],
          advanced: true,
          source: 'obs',
        }),
      dsvFormatVersion: z.enum(['Standard', 'Escaped']).default('Standard').meta({
        title: 'Dialect',
        help: 'Standard doubles quotes inside quotes (RFC 4180); Escaped puts the escape character before them.',
        advanced: true,
        source: 'obs',
      }),
      escapeCharacter: z
        .string()
        .default('\\')
        .meta({ title: 'Escape character', help: 'Used by the dialect Escaped only.', advanced: true, source: 'obs' }),
      maxFileSize: partParams.maxFileSize,
      createEmptyFile: partParams.createEmptyFile,
    })
    .superRefine((params, issues) => {
      const message = checkDialect(dialectOf(params));
      if (message) issues.addIssue({ code: 'custom', path: [/separator/.test(message) ? 'columnSeparator' : 'escapeCharacter'], message });
    }),
  examples: [
    {
      title: 'Records with separators, quotes, nothing and nested values',
      params: { fileName: 'accounts.csv', columnSeparator: ',' },
      input: [
        { UID: '1', name: 'Smith, Jr.', age: 42, phones: [{ type: 'home' }] },
        { UID: '2', name: 'Mary "Ace"', age: null },
      ],
      outputFiles: { 'accounts.csv': 'UID,name,age,phones\n1,"Smith, Jr.",42,"[{""type"":""home""}]"\n2,"Mary ""Ace""",,\n' },
    },
    {
      title: 'Chosen columns, all quoted, for Windows',
      params: { fileName: 'a.txt', columnSeparator: ';', quoteFields: true, columns: ['MAIL', 'NAME'], lineEnd: '\r\n' },
      input: [{ NAME: 'Ann', MAIL: 'ann@example.com', internal: 1 }],
      outputFiles: { 'a.txt': '"MAIL";"NAME"\r\n"ann@example.com";"Ann"\r\n' },
    },
    {
      title: 'A backslash before quotes, no header',
      params: { fileName: 'a.csv', columnSeparator: 'tab', dsvFormatVersion: 'Escaped', writeHeader: false },
      input: [{ a: 'say "hi"', b: 2 }],
      outputFiles: { 'a.csv': '"say \\"hi\\""\t2\n' },
    },
  ],
  format(batches, ctx) {
    const { params, log } = ctx;
    const encoder = new DsvEncoder({
      dialect: dialectOf(params),
      quoteFields: params.quoteFields,
      header: params.writeHeader,
      lineEnd: readLineEnd(params.lineEnd),
      columns: params.columns,
      onUnknownField: (name) =>
        log.warn(`The field ${name} was not in the first records, so it has no column and is left out. List it in columns to write it.`),
    });
    return formatParts(batches, encoder, {
      fileName: ctx.fill(params.fileName),
      maxBytes: partBytes(params.maxFileSize),
      createEmptyFile: params.createEmptyFile,
    });
  },
});

function dialectOf(params: { columnSeparator: string; dsvFormatVersion: string; escapeCharacter: string }) {
  const separator = readSeparator(params.columnSeparator);
  return { separator, quote: '"', escapeWith: params.dsvFormatVersion === 'Escaped' ? params.escapeCharacter : '"' };
}
