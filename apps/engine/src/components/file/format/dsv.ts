import { z } from 'zod';
import { defineFormatter } from '#dataflow';
import { encodeFiles, writesCharset } from '#formats/charset-out.ts';
import { checkDialect, readSeparator } from '#formats/dsv/dialect.ts';
import { escapeFormulas } from '#formats/dsv/escape-formulas.ts';
import { DsvEncoder } from '#formats/dsv/format.ts';
import { partBytes, partNames, partParams } from '#formats/part-params.ts';
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
    '- UTF-8 without a byte order mark unless `fileCharset` and `byteOrderMark` say otherwise; UTF-16 always has one. A character that the charset lacks becomes `?`, and the trace says so.',
    '- `escapeFormulas` puts an apostrophe before texts that a spreadsheet would take for a formula (beginning with `=`, `+`, `-`, `@`, a tab or a line end); numbers stay as they are. Off by default, because receivers that are no spreadsheets would keep the apostrophe.',
    '- Cells of parsed rows that no step changed are copied byte for byte.',
  ].join('\n'),
  faults: [
    {
      when: 'A field first shows up after the columns were settled',
      effect: 'It is left out; the trace names it once.',
      remedy: 'List the fields in columns.',
    },
    {
      when: 'A character is not in fileCharset',
      effect: 'It is written as ?; the trace names the first one.',
      remedy: 'Use UTF-8, or replace such characters with field.replace before.',
    },
  ],
  limits: [
    'Columns are settled by the first records; see `columns`.',
    '`maxFileSize` counts the bytes as UTF-8, before they are converted to another charset.',
    'A cell may be as long as a text in memory can be (about 500 MB).',
  ],
  params: z
    .object({
      fileName: partParams.fileName,
      addUniqueSuffix: partParams.addUniqueSuffix,
      columnSeparator: z
        .string()
        .min(1)
        .meta({
          blanks: true,
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
      quoteCharacter: z
        .string()
        .default('"')
        .meta({ title: 'Quote', help: 'The character around cells that hold separators or line ends.', advanced: true, source: 'choice' }),
      escapeFormulas: z.boolean().default(false).meta({
        title: 'Escape formulas',
        help: 'Puts an apostrophe before texts that a spreadsheet would run as a formula.',
        advanced: true,
        source: 'choice',
      }),
      fileCharset: z
        .string()
        .refine(writesCharset, { message: 'This charset is not known. Use UTF-8, ISO-8859-1, windows-1252, UTF-16 or another IANA name.' })
        .default('UTF-8')
        .meta({
          title: 'Charset',
          help: 'Encoding of the file.',
          examples: ['UTF-8', 'ISO-8859-1', 'UTF-16'],
          advanced: true,
          source: 'choice',
        }),
      byteOrderMark: z.boolean().default(false).meta({
        title: 'Byte order mark',
        help: 'Begins the file with the mark by which Excel knows UTF-8.',
        advanced: true,
        source: 'choice',
      }),
      maxFileSize: partParams.maxFileSize,
      createEmptyFile: partParams.createEmptyFile,
    })
    .superRefine((params, issues) => {
      const message = checkDialect(dialectOf(params));
      if (message)
        issues.addIssue({
          code: 'custom',
          path: [/separator/.test(message) ? 'columnSeparator' : /quote/.test(message) ? 'quoteCharacter' : 'escapeCharacter'],
          message,
        });
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
    const parts = formatParts(params.escapeFormulas ? escapeFormulas(batches) : batches, encoder, {
      nameOf: partNames(ctx),
      maxBytes: partBytes(params.maxFileSize),
      createEmptyFile: params.createEmptyFile,
    });
    const onLost = (example: string) => log.warn(`${params.fileCharset} has no ${example}: such characters were written as ?.`);
    return encodeFiles(parts, { charset: params.fileCharset, byteOrderMark: params.byteOrderMark, onLost });
  },
});

function dialectOf(params: { columnSeparator: string; quoteCharacter: string; dsvFormatVersion: string; escapeCharacter: string }) {
  const quote = params.quoteCharacter;
  return {
    separator: readSeparator(params.columnSeparator),
    quote,
    escapeWith: params.dsvFormatVersion === 'Escaped' ? params.escapeCharacter : quote,
  };
}
