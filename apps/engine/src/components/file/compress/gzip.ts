import { z } from 'zod';
import { defineFileTransformer } from '#dataflow';
import { gzip } from '#formats/gzip-blocks.ts';

export default defineFileTransformer({
  type: 'file.compress.gzip',
  title: 'Compress with gzip',
  summary: 'Compresses each file with gzip and adds .gz to its name.',
  notes: 'Compression runs beside the other steps, on a second processor core where there is one.',
  limits: ['Files of any size; the size of the original is kept modulo 4 GB only, which is how gzip does it.'],
  params: z.object({
    level: z
      .int()
      .min(1)
      .max(9)
      .default(6)
      .meta({ title: 'Level', help: '1 is fastest, 9 makes the smallest files.', advanced: true, source: 'choice' }),
  }),
  examples: [{ title: 'Fast compression', params: { level: 1 } }],
  async *transform(file, { params: { level } }) {
    yield { name: `${file.name}.gz`, read: () => gzip(file.read(), { level }) };
  },
});
