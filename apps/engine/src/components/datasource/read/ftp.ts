import { z } from 'zod';
import { fileSelectionParams } from '#connectors/file-selection-params.ts';
import { ftpParams, ftpSettings } from '#connectors/ftp/params.ts';
import { selectFiles } from '#connectors/select-files.ts';
import { defineFileReader, fillPlaceholders } from '#dataflow';

export default defineFileReader({
  type: 'datasource.read.ftp',
  title: 'Read files from FTP',
  summary: 'Reads the files of a folder on an FTP or FTPS server, by default those that changed since the last successful run.',
  notes: [
    '- Only files changed since the last successful run are read, by the time the server shows, unless the job pulls all records. Times come from MLSD, else from MDTM; a server that knows neither shows them by the minute and without a zone, and then a file counts as changed at the latest instant that can mean, so it may be read again within the next half day.',
    '- Folders, files whose name ends in `.uploading`, names with control characters, and links to anything but files are left out. No file is no fault; a folder that does not exist is.',
    '- `security` is a choice of this product: plain FTP unless it says `explicit` (RFC 4217) or `implicit`. The certificate must be valid for the host, be signed by `certificateAuthority`, or be the one of `certificateSha256`.',
    '- FTP knows no private keys: `password` is the only credential, and `anonymous` needs none.',
    '- Transfers are passive (EPSV, else PASV). Data connections go to the address of the control connection, whatever the server names.',
    '- Files are read as a stream; nothing is removed from the server. A connection that is lost, between two files or in one, is opened again and reading goes on where it was cut (REST), as long as size and time of the file are the same.',
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
      when: 'The folder does not exist (550)',
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
    'A listing may have up to 40 MB. Folders below the folder are not looked into.',
    'Names are UTF-8. Active mode, proxies, ASCII transfers and client certificates are not offered.',
    'Without MLSD each matching file costs one request more for its time.',
  ],
  params: z.object({
    ...ftpParams,
    remotePath: z
      .string()
      .default('')
      .meta({
        title: 'Folder',
        help: 'The remote folder to read from; empty is the folder the server puts the user in. Folders below it are not looked into.',
        examples: ['/inbox'],
        placeholders: true,
        source: 'inf',
      }),
    ...fileSelectionParams('inf'),
  }),
  examples: [
    {
      title: 'All CSV files over FTPS, oldest first',
      params: {
        host: 'ftp.example.com',
        username: 'etl',
        password: 'its-password',
        security: 'explicit',
        remotePath: '/inbox',
        fileNameRegex: '.*\\.csv',
      },
    },
    { title: 'Plain FTP, by name', params: { host: 'ftp.example.com', username: 'etl', password: 'its-password', sortBy: 'name' } },
  ],
  connect: async (params, ctx) => {
    const folder = fillPlaceholders(params.remotePath, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the FTP library costs every other flow time at its start.
    const { openFtp } = await import('#connectors/ftp.ts');
    return openFtp(ftpSettings(params), ctx, { folder, use: 'read' });
  },
  async *read({ params, connection, job, fill, log, expect }) {
    const folder = fill(params.remotePath);
    // Names are looked at first: each file that is left costs a request for its time.
    const byName = { ...params, changedSince: undefined };
    const { files: found, total, unsafe } = await connection.list(folder, (listed) => selectFiles(listed, byName));
    if (unsafe > 0) log.warn(`${unsafe} files are left out: their names hold slashes or control characters.`);
    const changedSince = job.fullExtract ? undefined : job.changedSince;
    const files = selectFiles(found, { ...params, changedSince });
    const delta = changedSince ? ` changed since ${changedSince.toISOString()}` : '';
    log.info(`${files.length} of ${total} files in ${folder || 'the home folder'} are read: those that match${delta}.`);
    expect(files.length);
    for (const file of files) {
      const { name, size, modifiedMs } = file;
      yield { item: { name, size, modifiedMs, read: () => connection.read(file) }, position: { name, modifiedMs } };
    }
  },
});
