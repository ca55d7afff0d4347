import { z } from 'zod';
import { defineFormatter } from '#dataflow';
import { partNames, partParams } from '#formats/part-params.ts';

export default defineFormatter({
  type: 'file.empty',
  title: 'Empty file',
  summary: 'Makes exactly one empty file, whatever comes in: a marker that says "finished".',
  notes: [
    'Records are passed over. When the last has passed, one file of zero bytes is made, also when there was none.',
    '',
    'To say that a data file is complete, lead both into one file writer and name this step last in the `next` list of the step before: files are uploaded in that order, and the marker only when the data file was.',
  ].join('\n'),
  limits: ['The file is made at the end of the job’s records; it does not know whether a writer elsewhere in the flow succeeded.'],
  params: z.object({ fileName: partParams.fileName, addUniqueSuffix: partParams.addUniqueSuffix }),
  examples: [
    {
      title: 'After two records',
      params: { fileName: 'accounts.done' },
      input: [{ a: 1 }, { a: 2 }],
      outputFiles: { 'accounts.done': '' },
    },
    { title: 'After none', params: { fileName: 'accounts.done' }, input: [], outputFiles: { 'accounts.done': '' } },
  ],
  async *format(batches, ctx) {
    for await (const _ of batches);
    yield { name: partNames(ctx)(0), size: 0, read: nothing };
  },
});

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A file of zero bytes.
}
