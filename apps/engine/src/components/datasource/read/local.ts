import { z } from 'zod';
import { fileSelectionParams } from '#connectors/file-selection-params.ts';
import { listLocal, readLocal } from '#connectors/local.ts';
import { selectFiles } from '#connectors/select-files.ts';
import { defineFileReader } from '#dataflow';

export default defineFileReader({
  type: 'datasource.read.local',
  title: 'Read local files',
  summary: 'Reads the files of a folder on the machine that runs the dataflow.',
  notes: [
    'On a server, only folders that its operator allows can be read; from the command line any folder, and relative paths begin at the current one.',
    '',
    '- Only files changed since the last successful run are read, unless the job pulls all records.',
    '- Folders inside the folder, and files whose name ends in `.uploading`, are left out; so are hidden files (their name begins with a dot) unless `fileNameRegex` is set. A link is followed when its target is allowed too.',
    '- No file is no fault; a folder that does not exist is. Nothing is removed.',
  ].join('\n'),
  faults: [
    {
      when: 'The folder or file does not exist',
      effect: 'The job fails.',
      remedy: 'Check `path`; from the command line, relative paths begin at the current folder.',
    },
    {
      when: 'The operator does not allow the folder',
      effect: 'The job fails before anything is read.',
      remedy: 'Have the folder allowed, or use another.',
    },
    { when: 'The system does not permit reading', effect: 'The job fails.', remedy: 'Check owner and permissions of folder and file.' },
  ],
  limits: ['One file at a time, of any size, in pieces of 256 KB. Folders below the folder are not looked into.'],
  params: z.object({
    path: z
      .string()
      .min(1)
      .meta({
        title: 'Folder or file',
        help: 'The folder whose files are read, or one file.',
        examples: ['/data/inbox', 'accounts.csv'],
        placeholders: true,
        source: 'choice',
      }),
    ...fileSelectionParams('choice'),
  }),
  examples: [
    { title: 'All CSV files of a folder, oldest first', params: { path: '/data/inbox', fileNameRegex: '.*\\.csv' } },
    { title: 'One file', params: { path: 'accounts.csv' } },
  ],
  async *read({ params, job, access, signal, fill, log, expect }) {
    const place = access.localPath(fill(params.path));
    const found = (await listLocal(place, (file) => void access.localPath(file))).filter(
      ({ name, path }) => path === place || params.fileNameRegex !== undefined || !name.startsWith('.'),
    );
    const changedSince = job.fullExtract ? undefined : job.changedSince;
    const files = selectFiles(found, { ...params, changedSince });
    const delta = changedSince ? ` changed since ${changedSince.toISOString()}` : '';
    log.info(`${files.length} of ${found.length} files in ${place} are read: those that match${delta}.`);
    expect(files.length);
    for (const { name, path, size, modifiedMs } of files)
      yield { item: { name, size, modifiedMs, read: () => readLocal(path, signal) }, position: { name, modifiedMs } };
  },
});
