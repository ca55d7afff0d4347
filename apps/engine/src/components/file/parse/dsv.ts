import { z } from 'zod';
import { Batch, defineParser, type RowColumn } from '#dataflow';
import { knowsCharset, toUtf8 } from '#formats/charset.ts';
import { checkDialect, readSeparator } from '#formats/dsv/dialect.ts';
import { parseDsv } from '#formats/dsv/parse.ts';
import { rejectMalformed } from '#formats/malformed.ts';

export default defineParser({
  type: 'file.parse.dsv',
  title: 'Parse DSV',
  summary: 'Turns the rows of CSV, TSV and other delimited files into records.',
  notes: [
    'The header row names the fields. Names with dots stay as they are (`profile.email` is one flat field).',
    '',
    '- Line ends may be LF, CRLF or CR, also mixed; a byte order mark and blank lines are skipped. An empty file, or one with a header only, gives no records.',
    '- A quote opens a quoted cell at the start of a cell only; elsewhere it is ordinary text. Quotes inside quotes are doubled, or follow the escape character.',
    '- A name that is empty becomes `column_2` (its number); a name that is repeated gets `_2`, `_3` …; both are logged.',
    '- A row with another number of columns than the header, with a broken quote, longer than 16 MB, or with bytes that are not of the charset fails: it goes to the error path as `{ _file, _line, _raw }` (at most 10,000 characters) with code 400010, and parsing goes on. A broken quote costs the line where its row begins; the next row is looked for in the following line.',
    '- A header that cannot be read fails the job.',
    '- **Types** are inferred only where the text stays the same: `true`, `false`, `12`, `-2.5`. `007`, `+49 30`, `1.50` and numbers with more digits than fit stay text.',
    '- **Charsets**: a UTF-16 byte order mark always counts. `auto-detect` takes UTF-8 when the first 64 KB are UTF-8, else UTF-16 without a mark if it looks so, else windows-1252. Other names, such as `ISO-8859-1` or `Shift_JIS`, are converted.',
    '- `addFilename` adds the field `_filename` as the last one.',
  ].join('\n'),
  faults: [
    {
      when: 'A row has another number of columns, a broken quote, or bytes that are not of the charset',
      effect: 'It goes to the error path with code 400010; reading goes on with the next one.',
      remedy: 'The trace names the line; set fileCharset, quoteCharacter or escapeCharacter to what the file has.',
    },
    { when: 'The header cannot be read', effect: 'The job fails.', remedy: 'Set columnSeparator and fileCharset to what the file has.' },
  ],
  limits: [
    '16 MB for one row, and so for one field; a longer row goes to the error path.',
    'Columns: as many as fit into a row of 16 MB. A row of a million columns becomes a record of a million fields, which takes about 250 MB of memory.',
  ],
  params: z
    .object({
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
      fileCharset: z
        .string()
        .refine(knowsCharset, {
          message: 'This charset is not known. Use UTF-8, auto-detect, ISO-8859-1, windows-1252, UTF-16 or another IANA name.',
        })
        .default('UTF-8')
        .meta({
          title: 'Charset',
          help: 'Encoding of the files, or auto-detect.',
          examples: ['UTF-8', 'auto-detect', 'ISO-8859-1', 'UTF-16'],
          source: 'obs',
        }),
      inferTypes: z.boolean().default(false).meta({
        title: 'Infer types',
        help: 'Turns numbers and true/false into typed values; otherwise everything is text.',
        source: 'obs',
      }),
      addFilename: z
        .boolean()
        .default(false)
        .meta({ title: 'Add file name', help: 'Adds the name of the file to each record, as `_filename`.', source: 'obs' }),
      readHeader: z.boolean().default(true).meta({
        title: 'Header row',
        help: 'The first row names the fields. Without it they are called `column_1`, `column_2` …',
        advanced: true,
        source: 'choice',
      }),
      quoteCharacter: z
        .string()
        .default('"')
        .meta({ title: 'Quote', help: 'The character around cells that hold separators or line ends.', advanced: true, source: 'choice' }),
      escapeCharacter: z
        .string()
        .default('"')
        .meta({
          title: 'Escape character',
          help: 'What stands before a quote inside quotes: the quote itself (doubled quotes), or for example a backslash.',
          examples: ['"', '\\'],
          advanced: true,
          source: 'choice',
        }),
    })
    .superRefine((params, issues) => {
      const message = checkDialect(dialectOf(params));
      if (message) issues.addIssue({ code: 'custom', path: [/separator/.test(message) ? 'columnSeparator' : 'quoteCharacter'], message });
    }),
  examples: [
    {
      title: 'A comma-separated file with quoted cells',
      params: { columnSeparator: ',' },
      inputFiles: { 'accounts.csv': 'UID,profile.lastName,age\n1,"Smith, Jr.",42\n2,O\'Neil,\n' },
      output: [
        { UID: '1', 'profile.lastName': 'Smith, Jr.', age: '42' },
        { UID: '2', 'profile.lastName': "O'Neil", age: '' },
      ],
    },
    {
      title: 'Tabs, typed values and the name of the file',
      params: { columnSeparator: 'tab', inferTypes: true, addFilename: true },
      inputFiles: { 'a.tsv': 'UID\tactive\tage\tzip\r\nu1\ttrue\t42\t01234\r\n' },
      output: [{ UID: 'u1', active: true, age: 42, zip: '01234', _filename: 'a.tsv' }],
    },
    {
      title: 'A row with a missing column fails, the others go on',
      params: { columnSeparator: ';' },
      inputFiles: { 'a.csv': 'UID;email\n1;a@example.com\n2\n3;c@example.com\n' },
      output: [
        { UID: '1', email: 'a@example.com' },
        { UID: '3', email: 'c@example.com' },
      ],
      errors: [
        {
          _file: 'a.csv',
          _line: 3,
          _raw: '2',
          _errorDetails: { errorCode: 400010, errorMessage: 'A row of a.csv cannot be read: it has 1 column where 2 are expected.' },
        },
      ],
    },
  ],
  async *parse(file, ctx) {
    const { params } = ctx;
    const text = await toUtf8(file.read(), params.fileCharset);
    const batches = parseDsv(text.chunks, {
      dialect: dialectOf(params),
      header: params.readHeader,
      inferTypes: params.inferTypes,
      fileName: file.name,
      convertedFrom: text.convertedFrom,
      onMalformed: rejectMalformed(ctx, file, 'row'),
      onNote: (note) => ctx.log.warn(`${file.name}: ${note}`),
    });
    let named: { from: unknown; columns: readonly RowColumn[] } | undefined;
    for await (const rows of batches) {
      if (params.addFilename && named?.from !== rows.columns)
        named = {
          from: rows.columns,
          columns: [...rows.columns.filter(({ name }) => name !== '_filename'), { name: '_filename', constant: file.name }],
        };
      yield Batch.ofRows(named ? rows.withColumns(named.columns) : rows);
    }
  },
});

const dialectOf = ({
  columnSeparator,
  quoteCharacter,
  escapeCharacter,
}: Record<'columnSeparator' | 'quoteCharacter' | 'escapeCharacter', string>) => ({
  separator: readSeparator(columnSeparator),
  quote: quoteCharacter,
  escapeWith: escapeCharacter,
});
