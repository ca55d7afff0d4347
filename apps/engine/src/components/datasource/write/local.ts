import { z } from 'zod';
import { publishLocal } from '#connectors/local.ts';
import { defineFileWriter } from '#dataflow';

export default defineFileWriter({
  type: 'datasource.write.local',
  title: 'Write local files',
  summary: 'Writes files into a folder on the machine that runs the dataflow.',
  notes: [
    'On a server, only folders that its operator allows can be written to; from the command line any folder, and relative paths begin at the current one.',
    '',
    '- A folder that does not exist is made. A file of the same name is replaced.',
    '- **Delivery**: a file is written under a hidden name ending in `.uploading`, flushed to disk and renamed when it is complete, so nobody sees half a file. After a failure or a stop nothing is left of it.',
    '- A name with a path in it is refused.',
  ].join('\n'),
  faults: [
    {
      when: 'The operator does not allow the folder',
      effect: 'The job fails before anything is written.',
      remedy: 'Have the folder allowed, or use another.',
    },
    {
      when: 'The system does not permit writing, or part of the path is a file',
      effect: 'The job fails and nothing is left.',
      remedy: 'Check `path`, owner and permissions.',
    },
    {
      when: 'The disk is full or the quota used up',
      effect: 'What was written of the file is removed and the job fails.',
      remedy: 'Free space and run the job again.',
    },
  ],
  limits: ['One file at a time, of any size. The folder and its temporary names must lie on one file system that can rename.'],
  params: z.object({
    path: z
      .string()
      .min(1)
      .meta({ title: 'Folder', help: 'Where the files are written.', examples: ['/data/outbox'], placeholders: true, source: 'choice' }),
  }),
  examples: [{ title: 'Into a folder', params: { path: '/data/outbox' } }],
  delivery: 'published-once',
  async write(file, { params, access, signal, fill, log }) {
    const folder = access.localPath(fill(params.path));
    const bytes = await publishLocal(folder, file, signal);
    log.info(`${file.name} stands in ${folder}, ${bytes} bytes.`);
  },
});
