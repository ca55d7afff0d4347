import { z } from 'zod';
import { defineFileTransformer } from '#dataflow';
import { expansionParam } from '#formats/expansion-param.ts';
import { gunzip } from '#formats/gzip.ts';

export default defineFileTransformer({
  type: 'file.uncompress.gzip',
  title: 'Uncompress gzip',
  summary: 'Uncompresses each gzip file and takes .gz off its name.',
  notes: [
    'Files of several gzip members are read to the end; zero bytes behind the last one are padding.',
    '',
    '- Of a name, `.gz` or `.gzip` is taken off and `.tgz` becomes `.tar`; any other name stays.',
  ].join('\n'),
  faults: [
    {
      when: 'The file is empty, no gzip file, cut off, damaged, or followed by other bytes',
      effect: 'The job fails; the message names the file. A file written from it is not published.',
      remedy: 'Have the file made or transferred again; `gzip -t` tells whether it is whole.',
    },
    {
      when: 'The file expands beyond maxExpansion times its size',
      effect: 'It is stopped there and the job fails.',
      remedy: 'Raise maxExpansion if the file is meant to be like that.',
    },
  ],
  limits: [
    'The checksum stands at the end of a gzip file: what a damaged one held before may have gone on already, as records; files made of it are withdrawn.',
    'The first 256 MB of output are free of maxExpansion. gzip itself cannot go past about 1,030 times.',
  ],
  params: z.object({ maxExpansion: expansionParam }),
  examples: [{ title: 'Data that repeats itself a lot', params: { maxExpansion: 1000 } }],
  async *transform(file, { params: { maxExpansion } }) {
    yield { name: plainName(file.name), read: () => gunzip(file.read(), { fileName: file.name, maxExpansion }) };
  },
});

function plainName(name: string): string {
  const plain = name.replace(/\.tgz$/i, '.tar').replace(/\.gz(ip)?$/i, '');
  return plain === '' ? name : plain;
}
