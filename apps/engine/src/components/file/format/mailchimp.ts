import { z } from 'zod';
import { type DataRecord, defineFormatter } from '#dataflow';
import { flatRows } from '#formats/dsv/flat-rows.ts';
import { DsvEncoder } from '#formats/dsv/format.ts';
import { partBytes, partNames, partParams } from '#formats/part-params.ts';
import { formatParts } from '#formats/parts.ts';

/** Names that Mailchimp matches to its own fields without being told. */
const columnNames: Record<string, string> = {
  email: 'Email Address',
  email_address: 'Email Address',
  FNAME: 'First Name',
  LNAME: 'Last Name',
  ADDRESS: 'Address',
  PHONE: 'Phone Number',
  BIRTHDAY: 'Birthday',
  tags: 'Tags',
};

const columnOf = (path: string): string => {
  const tag = path.replace(/^merge_fields\./, '');
  return columnNames[tag] ?? tag;
};

/** The parts of an address as Mailchimp's API names them, in the order of its import file. */
const addressParts = ['addr1', 'addr2', 'city', 'state', 'zip', 'country'];

export default defineFormatter({
  type: 'file.format.mailchimp',
  title: 'Format for Mailchimp',
  summary: 'Writes records as CSV for the import of contacts into a Mailchimp audience.',
  notes: [
    'As Mailchimp’s page *Format Guidelines for Your Import File* has it: UTF-8, commas, a first row with labels.',
    '',
    '- Records may have Mailchimp’s own shape (`email_address`, `merge_fields.FNAME`, `tags`) or flat fields; `merge_fields.` is taken off.',
    '- Names that Mailchimp matches by itself get its labels: `email` and `email_address` Email Address, `FNAME` First Name, `LNAME` Last Name, `ADDRESS` Address, `PHONE` Phone Number, `BIRTHDAY` Birthday, `tags` Tags. Any other field keeps its name.',
    '- Lists are put together with commas, as tags and groups want it. An address (`addr1`, `addr2`, `city`, `state`, `zip`, `country`) becomes one cell with two blanks between its parts.',
    '- The overview of the original names a Mailchimp format among its file formats, its list of components does not: this component and its parameters are chosen here. To write into Mailchimp without a file use `datasource.write.mailchimp`.',
  ].join('\n'),
  faults: [
    {
      when: 'Mailchimp says that an address is not valid or a contact was skipped',
      effect: 'Nothing here: the file is right.',
      remedy:
        'Mailchimp’s import report names the row and the reason; check email and formats such as MM/DD for birthdays before this step.',
    },
  ],
  limits: [
    'Mailchimp cuts texts at 255 bytes.',
    'Columns are settled by the first batch of records (up to 1,024) unless `columns` lists them; a field that first shows up later is left out and logged once.',
  ],
  params: z.object({
    fileName: partParams.fileName,
    addUniqueSuffix: partParams.addUniqueSuffix,
    columns: z.array(z.string()).min(1).optional().meta({
      title: 'Columns',
      help: 'Labels of the columns to write, in this order, as they stand in the file: Email Address, First Name … Without it, the fields of the first records.',
      source: 'choice',
    }),
    maxFileSize: partParams.maxFileSize,
    createEmptyFile: partParams.createEmptyFile,
  }),
  examples: [
    {
      title: 'Members as the API has them',
      params: { fileName: 'members.csv' },
      input: [
        {
          email_address: 'ann@example.com',
          merge_fields: { FNAME: 'Ann', ADDRESS: { addr1: '1 High St', addr2: '', city: 'Bath', zip: 'BA1', country: 'GB' } },
          tags: ['VIP', 'sailing'],
        },
      ],
      outputFiles: { 'members.csv': 'Email Address,First Name,Address,Tags\nann@example.com,Ann,1 High St  Bath  BA1  GB,"VIP,sailing"\n' },
    },
  ],
  format(batches, ctx) {
    const { columns, maxFileSize, createEmptyFile } = ctx.params;
    const rows = flatRows(batches, { list: (values) => values.join(','), column: columnOf, object: addressCell });
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

function addressCell(path: string, value: DataRecord): string | undefined {
  if (path === '' || !('addr1' in value)) return undefined;
  return addressParts.flatMap((part) => (value[part] ? [String(value[part])] : [])).join('  ');
}
