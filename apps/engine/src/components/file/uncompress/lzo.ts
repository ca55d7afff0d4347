import { z } from 'zod';
import { defineFileTransformer } from '#dataflow';
import { expansionParam } from '#formats/expansion-param.ts';
import { readLzop } from '#formats/lzo/lzop-read.ts';

export default defineFileTransformer({
  type: 'file.uncompress.lzo',
  title: 'Uncompress LZO',
  summary: 'Uncompresses each lzop file and takes .lzo off its name.',
  notes: [
    'Reads what `lzop` and Hadoop’s LzopCodec write, of every level, with any checksums or none, and files of several members.',
    '',
    '- A block is handed on only after its checksums were found right.',
    '- Of a name, `.lzo` is taken off and `.tzo` becomes `.tar`; any other name stays.',
    '- Index files (`name.lzo.index`) hold no data: they are passed over, and the trace says so.',
  ].join('\n'),
  faults: [
    {
      when: 'The file is empty, no lzop file, cut off, damaged, or followed by other bytes',
      effect: 'The job fails; the message names the file and the block. A file written from it is not published.',
      remedy: 'Have the file made or transferred again; `lzop -t` tells whether it is whole.',
    },
    {
      when: 'The file expands beyond maxExpansion times its size',
      effect: 'It is stopped there and the job fails.',
      remedy: 'Raise maxExpansion if the file is meant to be like that.',
    },
  ],
  limits: [
    'Blocks of at most 64 MB, as in lzop itself.',
    'Not handled: files made with `lzop --filter`, by lzop before 0.94, in several parts, or bare LZO without the lzop container.',
    'The first 256 MB of output are free of maxExpansion.',
  ],
  params: z.object({ maxExpansion: expansionParam }),
  examples: [{ title: 'Data that repeats itself a lot', params: { maxExpansion: 250 } }],
  async *transform(file, { params: { maxExpansion }, log }) {
    if (/\.lzo\.index$/i.test(file.name)) {
      log.info(`${file.name} is an index and holds no data; it is passed over.`);
      return;
    }
    yield { name: plainName(file.name), read: () => readLzop(file.read(), { fileName: file.name, maxExpansion }) };
  },
});

function plainName(name: string): string {
  const plain = name.replace(/\.tzo$/i, '.tar').replace(/\.lzo$/i, '');
  return plain === '' ? name : plain;
}
