import { z } from 'zod';
import { fileSelectionParams } from '#connectors/file-selection-params.ts';
import { type RemoteFile, selectFiles } from '#connectors/select-files.ts';
import { sftpParams, sftpSettings } from '#connectors/sftp/params.ts';
import type { SftpConnection } from '#connectors/sftp.ts';
import { defineFileReader, type FlowFile, fillPlaceholders, requireOneOf } from '#dataflow';

const params = requireOneOf(
  z.object({
    ...sftpParams,
    remotePath: z
      .string()
      .default('')
      .meta({
        title: 'Folder',
        help: 'The remote folder to read from; empty is the folder the server puts the user in. Folders below it are not looked into.',
        examples: ['/inbox'],
        placeholders: true,
        source: 'doc',
      }),
    ...fileSelectionParams('doc'),
  }),
  ['password', 'privateKey'],
);

export default defineFileReader({
  type: 'datasource.read.sftp',
  title: 'Read files from SFTP',
  summary: 'Reads the files of a folder on an SFTP server, by default those that changed since the last successful run.',
  notes: [
    '- Only files changed since the last successful run are read, by the time the server shows, unless the job pulls all records. A file that was put there with an older time of change is not seen.',
    '- Folders, files whose name ends in `.uploading`, and links to anything but files are left out. No file is no fault; a folder that does not exist is.',
    '- Files are read as a stream, many pieces under way at a time; nothing is removed from the server.',
    '- `hostKeySha256` pins the host key. Without it any key is accepted, and its fingerprint stands in the trace.',
    '- A connection that is refused is tried again; one that dies while a file is read fails the job.',
  ].join('\n'),
  params,
  examples: [
    {
      title: 'All CSV files, oldest first',
      params: { host: 'sftp.example.com', username: 'etl', password: 'its-password', remotePath: '/inbox', fileNameRegex: '.*\\.csv' },
    },
    {
      title: 'With a key and a pinned host key',
      params: {
        host: 'sftp.example.com',
        username: 'etl',
        privateKey: 'LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K',
        passphrase: 'its-passphrase',
        hostKeySha256: 'SHA256:lhF3jbg1H0eKxAyFdtbvDP6Mw3tCBqLlTGwTCmi7YiM',
      },
    },
  ],
  connect: async (params, ctx) => {
    const folder = fillPlaceholders(params.remotePath, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the SSH library costs every other flow time at its start.
    const { openSftp } = await import('#connectors/sftp.ts');
    return openSftp(sftpSettings(params), ctx, { folder, use: 'read' });
  },
  async *read({ params, connection, job, fill, log, expect }) {
    const folder = fill(params.remotePath);
    const found = await connection.list(folder);
    const changedSince = job.fullExtract ? undefined : job.changedSince;
    const files = selectFiles(found, { ...params, changedSince });
    const delta = changedSince ? ` changed since ${changedSince.toISOString()}` : '';
    log.info(`${files.length} of ${found.length} files in ${folder || 'the home folder'} are read: those that match${delta}.`);
    expect(files.length);
    for (const file of files) yield { item: flowFile(file, connection), position: { name: file.name, modifiedMs: file.modifiedMs } };
  },
});

const flowFile = ({ name, path, size, modifiedMs }: RemoteFile, connection: SftpConnection): FlowFile => ({
  name,
  size,
  modifiedMs,
  read: () => connection.read(path),
});
