import { z } from 'zod';
import { sftpParams, sftpSettings } from '#connectors/sftp/params.ts';
import { uploadToFolder } from '#connectors/upload-to-folder.ts';
import { defineFileWriter, fillPlaceholders, requireOneOf } from '#dataflow';

const params = requireOneOf(
  z.object({
    ...sftpParams,
    remotePath: z
      .string()
      .default('')
      .meta({
        title: 'Folder',
        help: 'The remote folder to write to; empty is the folder the server puts the user in. It is made when it is missing.',
        examples: ['/outbox', `/outbox/\${now:yyyy}/\${now:MM}`],
        placeholders: true,
        source: 'doc',
      }),
    temporaryUploadExtension: z.boolean().default(false).meta({
      title: 'Upload as .uploading',
      help: 'While it is uploaded, the file is called like its final name with .uploading behind it. Otherwise it has a hidden name of its own.',
      advanced: true,
      source: 'doc',
    }),
  }),
  ['password', 'privateKey'],
);

export default defineFileWriter({
  type: 'datasource.write.sftp',
  title: 'Write files to SFTP',
  summary: 'Uploads files to a folder on an SFTP server; a file stands under its name only when it is complete.',
  notes: [
    '- A file is uploaded under a temporary name in the same folder and renamed when the server has all of it: `name.uploading` with `temporaryUploadExtension`, else the hidden `.name.<job id>.uploading`. So the user needs the right to rename.',
    '- A file of the same name is replaced: in one act where the server knows `posix-rename@openssh.com`, else by removing the old file just before.',
    '- A folder that does not exist is made, with those above it; the trace says so.',
    '- When an upload fails the temporary file is removed, as far as the server still lets one in.',
    '- A connection that was lost between two files is opened again, to the same host key only. One that is lost during an upload fails the job, because the bytes come once.',
    '- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.',
    '- `hostKeySha256` pins the host key. Without it any key is accepted, and its fingerprint stands in the trace.',
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
      when: 'No right to write or to rename, or the disk is full',
      effect: 'The temporary file is removed and the job fails.',
      remedy: 'Have the rights or the space of the user extended.',
    },
    {
      when: 'The connection is lost during an upload',
      effect: 'The temporary file is removed and the job fails.',
      remedy: 'Run the job again; nothing stands under the final name.',
    },
  ],
  limits: [
    'One file at a time. Files of any size; 2 GB pass in less than 300 MB of memory.',
    'Names are UTF-8, without slashes and control characters.',
    'On a server without `posix-rename@openssh.com`, no file stands under the name for a moment while it is replaced.',
  ],
  params,
  examples: [
    { title: 'To a folder', params: { host: 'sftp.example.com', username: 'etl', password: 'its-password', remotePath: '/outbox' } },
    {
      title: 'A folder for each day, visible name while uploading',
      params: {
        host: 'sftp.example.com',
        username: 'etl',
        password: 'its-password',
        remotePath: `/outbox/\${now:yyyy-MM-dd}`,
        temporaryUploadExtension: true,
      },
    },
  ],
  delivery: 'published-once',
  connect: async (params, ctx) => {
    const folder = fillPlaceholders(params.remotePath, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the SSH library costs every other flow time at its start.
    const { openSftp } = await import('#connectors/sftp.ts');
    return openSftp(sftpSettings(params), ctx, { folder, use: 'write' });
  },
  write: (file, ctx) => uploadToFolder(file, ctx),
});
