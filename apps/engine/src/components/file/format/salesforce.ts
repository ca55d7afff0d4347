import { z } from 'zod';
import { defineFormatter } from '#dataflow';
import { flatRows } from '#formats/dsv/flat-rows.ts';
import { DsvEncoder } from '#formats/dsv/format.ts';
import { partBytes, partNames, partParams } from '#formats/part-params.ts';
import { formatParts } from '#formats/parts.ts';

export default defineFormatter({
  type: 'file.format.salesforce',
  title: 'Format for Salesforce',
  summary: 'Writes records as CSV for Salesforce’s Data Loader and Bulk API.',
  notes: [
    'As Salesforce’s page *Prepare CSV Files* (Bulk API 2.0) has it: UTF-8, commas, LF, quotes doubled, a first row with the API names of the fields.',
    '',
    '- Rename fields to API names first: `FirstName`, `Email`, `Favourite__c`.',
    '- An object gives a column for each of its fields, `Account.ExternalId__c`: so relations are named by an external id.',
    '- A list of texts becomes a multi-select picklist, `a;b`. Lists of objects are written as JSON text.',
    '- A cell that is empty leaves the field in Salesforce as it is. With `clearEmptyFields` the value `null` is written as `#N/A`, which clears it.',
    '- The overview of the original names a Salesforce format among its file formats, its list of components does not: this component and its parameters are chosen here. To write into Salesforce without a file use `datasource.write.salesforce`.',
  ].join('\n'),
  faults: [
    {
      when: 'Salesforce answers InvalidBatch: Field name not found',
      effect: 'Nothing here: the file is right, the object has no such field.',
      remedy: 'Rename the field to its API name, or leave it out with columns.',
    },
  ],
  limits: [
    'Salesforce takes at most 100 MB in one upload (150 MB after its own base64): larger output becomes several files.',
    'Columns are settled by the first batch of records (up to 1,024) unless `columns` lists them; a field that first shows up later is left out and logged once.',
  ],
  params: z.object({
    fileName: partParams.fileName,
    addUniqueSuffix: partParams.addUniqueSuffix,
    columns: z.array(z.string()).min(1).optional().meta({
      title: 'Columns',
      help: 'API names of the fields to write, in this order. Without it, the fields of the first records.',
      source: 'choice',
    }),
    clearEmptyFields: z.boolean().default(false).meta({
      title: 'Clear empty fields',
      help: 'Writes null as #N/A, which empties the field in Salesforce. Otherwise it stays as it is.',
      source: 'choice',
    }),
    maxFileSize: z.number().positive().max(100).default(100).meta({
      title: 'Largest file',
      help: 'A file that would grow past this size is closed and another one begun: `name.csv`, `name_1.csv` …',
      unit: 'MB',
      source: 'choice',
    }),
    createEmptyFile: partParams.createEmptyFile,
  }),
  examples: [
    {
      title: 'Contacts of an account, one of whose phone numbers is cleared',
      params: { fileName: 'contacts.csv', clearEmptyFields: true },
      input: [
        { LastName: 'Smith, Jr.', Phone: null, Account: { ExternalId__c: 'A-1' }, Interests__c: ['Sailing', 'Rock'] },
        { LastName: 'Young', Phone: '1', Account: { ExternalId__c: 'A-2' }, Interests__c: [] },
      ],
      outputFiles: {
        'contacts.csv': 'LastName,Phone,Account.ExternalId__c,Interests__c\n"Smith, Jr.",#N/A,A-1,Sailing;Rock\nYoung,1,A-2,\n',
      },
    },
  ],
  format(batches, ctx) {
    const { columns, clearEmptyFields, maxFileSize, createEmptyFile } = ctx.params;
    const rows = flatRows(batches, {
      list: (values) => values.join(';'),
      empty: clearEmptyFields ? '#N/A' : undefined,
      column: (path) => path,
    });
    const encoder = new DsvEncoder({
      dialect: { separator: ',', quote: '"', escapeWith: '"' },
      quoteFields: false,
      header: true,
      lineEnd: '\n',
      columns,
      onUnknownField: (name) =>
        ctx.log.warn(`The field ${name} was not in the first records, so it has no column. List it in columns to write it.`),
    });
    return formatParts(rows, encoder, { nameOf: partNames(ctx), maxBytes: partBytes(maxFileSize), createEmptyFile });
  },
});
