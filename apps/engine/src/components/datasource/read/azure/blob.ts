import { z } from 'zod';
import { azureKeyParams, azureReadParams } from '#connectors/azure/params.ts';
import { readAzureFiles } from '#connectors/azure/read-files.ts';
import { defineFileReader, fillPlaceholders } from '#dataflow';

export default defineFileReader({
  type: 'datasource.read.azure.blob',
  title: 'Read from Azure Blob Storage',
  summary: 'Reads the blobs of a container, by default those that changed since the last successful run.',
  notes: [
    '- Only blobs changed since the last successful run are read, by their time of last change, unless the job pulls all records.',
    '- `blobPrefix` is compared with the whole name, so `in` takes `in/a.csv` and `inbox/b.csv`; `fileNameRegex` and the name of the file are what stands behind the last slash. Blobs whose names end in `.uploading` or a slash are left out.',
    '- Listings are read page by page; only selected blobs are kept in memory.',
    '- Files are read as a stream; nothing is removed. A connection that is lost is opened again and reading goes on where it was cut, as long as the blob is the same version (ETag).',
    '- `sortBy`, `sortOrder` and `endpoint` are choices of this product.',
  ].join('\n'),
  faults: [
    {
      when: 'The account key does not fit (403 AuthenticationFailed)',
      effect: 'The job fails.',
      remedy: 'Check `accountName` and `accountKey`; a clock that is wrong by more than 15 minutes does the same.',
    },
    { when: 'The container does not exist (404)', effect: 'The job fails.', remedy: 'Check `container`.' },
    {
      when: 'The account is unknown, or lets this network not in',
      effect: 'The job fails.',
      remedy: 'Check `accountName` or `endpoint`, and the network rules of the account.',
    },
    {
      when: 'The storage is busy (429, 5xx) or the connection is lost',
      effect: 'The call is repeated, with the pause the service asks for.',
      remedy: 'None.',
    },
    {
      when: 'A blob lies in the archive tier (409)',
      effect: 'The job fails.',
      remedy: 'Rehydrate it, or leave it out by `fileNameRegex`.',
    },
  ],
  limits: [
    'One blob at a time. Blobs of any size; 2 GB pass in less than 300 MB of memory.',
    'Snapshots and older versions are not read. Two blobs of the same base name in different virtual folders give two files of the same name.',
  ],
  params: z.object({ ...azureKeyParams, ...azureReadParams('doc') }),
  examples: [
    {
      title: 'CSV files of a virtual folder',
      params: {
        accountName: 'mycompanydata',
        accountKey: 'bm90IGEgcmVhbCBrZXk=',
        container: 'imports',
        blobPrefix: 'inbox/',
        fileNameRegex: '.*\\.csv',
      },
    },
  ],
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.blobPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the Azure library costs every other flow time at its start.
    const { openAzureByKey } = await import('#connectors/azure.ts');
    return openAzureByKey(params, ctx, { prefix, use: 'read' });
  },
  read: readAzureFiles,
});
