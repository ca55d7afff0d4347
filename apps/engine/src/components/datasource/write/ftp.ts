import { z } from 'zod';
import { ftpParams, ftpSettings } from '#connectors/ftp/params.ts';
import { uploadToFolder } from '#connectors/upload-to-folder.ts';
import { defineFileWriter, fillPlaceholders } from '#dataflow';

export default defineFileWriter({
  type: 'datasource.write.ftp',
  title: 'Write files to FTP',
  summary: 'Uploads files to a folder on an FTP or FTPS server; a file stands under its name only when it is complete.',
  notes: [
    '- A file is uploaded under a temporary name in the same folder and renamed when the server has all of it: `name.uploading` with `temporaryUploadExtension`, else the hidden `.name.<job id>.uploading`. So the user needs the right to rename.',
    '- Before renaming, the size on the server is compared with the bytes sent, where the server knows SIZE.',
    '- A file of the same name is replaced: in one act where the server renames over files, else by removing the old file just before.',
    '- A folder that does not exist is made, with those above it; the trace says so.',
    '- `security` is a choice of this product: plain FTP unless it says `explicit` (RFC 4217) or `implicit`. The certificate must be valid for the host, be signed by `certificateAuthority`, or be the one of `certificateSha256`.',
    '- FTP knows no private keys: `password` is the only credential, and `anonymous` needs none.',
    '- A connection that was lost between two files is opened again. One that is lost during an upload fails the job, because the bytes come once; the temporary file is removed as far as the server lets one in again.',
    '- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.',
  ].join('\n'),
  faults: [
    {
      when: 'The server cannot be reached',
      effect: 'The connection is tried five times more, then the job fails.',
      remedy: 'Check host, port and the firewall; implicit TLS has port 990.',
    },
    {
      when: 'Login refused (530)',
      effect: 'The job fails.',
      remedy: 'Check user name and password. Some servers let users in only with encryption: try `explicit`.',
    },
    {
      when: 'The certificate is self-signed, expired or for another host',
      effect: 'The job fails before the password is sent.',
      remedy: 'Have it renewed, or put its authority into `certificateAuthority` or its fingerprint into `certificateSha256`.',
    },
    {
      when: 'No right to write, or the disk is full (550, 553, 452, 552, 451)',
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
    'Names are UTF-8, without slashes and control characters. Active mode, proxies, ASCII transfers and client certificates are not offered.',
    'On a server that does not rename over files, no file stands under the name for a moment.',
  ],
  params: z.object({
    ...ftpParams,
    remotePath: z
      .string()
      .default('')
      .meta({
        title: 'Folder',
        help: 'The remote folder to write to; empty is the folder the server puts the user in. It is made when it is missing.',
        examples: ['/outbox', `/outbox/\${now:yyyy}/\${now:MM}`],
        placeholders: true,
        source: 'inf',
      }),
    temporaryUploadExtension: z.boolean().default(false).meta({
      title: 'Upload as .uploading',
      help: 'While it is uploaded, the file is called like its final name with .uploading behind it. Otherwise it has a hidden name of its own.',
      advanced: true,
      source: 'inf',
    }),
  }),
  examples: [
    {
      title: 'Over FTPS',
      params: { host: 'ftp.example.com', username: 'etl', password: 'its-password', security: 'explicit', remotePath: '/outbox' },
    },
    {
      title: 'Implicit TLS with a pinned certificate',
      params: {
        host: 'ftp.example.com',
        username: 'etl',
        password: 'its-password',
        security: 'implicit',
        certificateSha256: '5E:88:48:98:DA:28:04:71:51:D0:E5:6F:8D:C6:29:27:73:60:3D:0D:6A:AB:BD:D6:2A:11:EF:72:1D:15:42:D8',
        temporaryUploadExtension: true,
      },
    },
  ],
  delivery: 'published-once',
  connect: async (params, ctx) => {
    const folder = fillPlaceholders(params.remotePath, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the FTP library costs every other flow time at its start.
    const { openFtp } = await import('#connectors/ftp.ts');
    return openFtp(ftpSettings(params), ctx, { folder, use: 'write' });
  },
  write: (file, ctx) => uploadToFolder(file, ctx),
});
