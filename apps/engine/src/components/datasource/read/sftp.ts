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
    '- A connection that is lost, between two files or in one, is opened again, to the same host key only, and reading goes on where it was cut, as long as size and time of the file are the same.',
  ].join('\n'),
  faults: [
    {
      when: 'The server cannot be reached',
      effect: 'The connection is tried five times more, then the job fails.',
      remedy: 'Check host, port and the firewall.',
    },
    {
      when: 'Login refused, or a key that its passphrase does not open',
      effect: 'The job fails; a key that cannot be read is told before anything is sent.',
      remedy: 'Check `username`, `password`, `privateKey` and `passphrase`.',
    },
    {
      when: 'The host key is not the one of `hostKeySha256`',
      effect: 'The job fails before the password is sent.',
      remedy: 'Ask the operator of the server; if the key was changed on purpose, put the new fingerprint in.',
    },
    {
      when: 'The folder does not exist',
      effect: 'The job fails.',
      remedy: 'Check `remotePath`; without a slash in front it begins where the server puts the user.',
    },
    {
      when: 'The connection is lost while a file is read',
      effect: 'Up to twelve tries without progress go on from there.',
      remedy: 'None, unless the file changed meanwhile: then run the job again.',
    },
  ],
  limits: [
    'One file at a time. Files of any size; 2 GB pass in less than 300 MB of memory.',
    'Folders below the folder are not looked into. Names are UTF-8, times are as fine as a second.',
  ],
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
