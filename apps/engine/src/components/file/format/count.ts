import { z } from 'zod';
import { defineFormatter } from '#dataflow';
import { partNames, partParams } from '#formats/part-params.ts';

export default defineFormatter({
  type: 'file.format.count',
  title: 'Format count',
  summary: 'Writes a control file that holds the number of records.',
  notes: [
    'The file holds the number in digits, without a line end; `0` when there was no record. It is made when all records have passed.',
    '',
    'Receivers compare it with the lines of the data file. Send the same records to both: put both formatters into the `next` of one step, the count last, so that it is uploaded after the data.',
  ].join('\n'),
  limits: ['Counts the records that reach this step, not what a target did with them.'],
  params: z.object({ fileName: partParams.fileName, addUniqueSuffix: partParams.addUniqueSuffix }),
  examples: [
    { title: 'Two records', params: { fileName: 'accounts.count' }, input: [{ a: 1 }, { a: 2 }], outputFiles: { 'accounts.count': '2' } },
    { title: 'No record', params: { fileName: 'accounts.count' }, input: [], outputFiles: { 'accounts.count': '0' } },
  ],
  async *format(batches, ctx) {
    let count = 0;
    for await (const batch of batches) count += batch.size;
    yield { name: partNames(ctx)(0), read: () => digits(count) };
  },
});

async function* digits(count: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(String(count));
}
