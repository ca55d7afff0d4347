import { z } from 'zod';
import { defineFileTransformer } from '#dataflow';
import { gunzip } from '#formats/gzip.ts';

export default defineFileTransformer({
  type: 'file.uncompress.gzip',
  title: 'Uncompress gzip',
  summary: 'Uncompresses each gzip file and takes .gz off its name.',
  notes: [
    'Files of several gzip members are read to the end; zero bytes behind the last one are padding.',
    '',
    '- A file that is empty, no gzip file, cut off, damaged, or followed by other bytes fails the job, with the name of the file.',
    '- A file that expands beyond `maxExpansion` times its size is stopped; the first 256 MB are free. gzip itself cannot go past about 1,030 times.',
    '- Of a name, `.gz` or `.gzip` is taken off and `.tgz` becomes `.tar`; any other name stays.',
  ].join('\n'),
  params: z.object({
    maxExpansion: z.int().min(2).default(200).meta({
      title: 'Largest expansion',
      help: 'Guards against files made to fill a disk: how many times its own size a file may expand.',
      unit: 'times',
      advanced: true,
      source: 'choice',
    }),
  }),
  examples: [{ title: 'Data that repeats itself a lot', params: { maxExpansion: 1000 } }],
  async *transform(file, { params: { maxExpansion } }) {
    yield { name: plainName(file.name), read: () => gunzip(file.read(), { fileName: file.name, maxExpansion }) };
  },
});

function plainName(name: string): string {
  const plain = name.replace(/\.tgz$/i, '.tar').replace(/\.gz(ip)?$/i, '');
  return plain === '' ? name : plain;
}
