import { z } from 'zod';
import { azureKeyParams, azureWriteParams } from '#connectors/azure/params.ts';
import { defineFileWriter, fillPlaceholders } from '#dataflow';

export default defineFileWriter({
  type: 'datasource.write.azure.blob',
  title: 'Write to Azure Blob Storage',
  summary: 'Uploads each file as a blob; it is seen only when it is complete.',
  notes: [
    '- The blob is called `blobPrefix` followed by the name of the file, and replaces one of that name.',
    '- Files of up to 8 MB go up at once, larger ones in blocks of 8 MB, three under way at a time, which become the blob with the last call. Blocks that belong to a failed upload are never seen; the service drops them after a week.',
    '- Every call may be repeated without harm and is, when the service is busy or the connection is lost.',
    '- The container must exist. `endpoint` is a choice of this product.',
    '- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.',
  ].join('\n'),
  faults: [
    {
      when: 'The account key does not fit (403 AuthenticationFailed)',
      effect: 'The job fails.',
      remedy: 'Check `accountName` and `accountKey`; a clock that is wrong by more than 15 minutes does the same.',
    },
    { when: 'The container does not exist (404)', effect: 'The job fails.', remedy: 'Check `container`; it is not made.' },
    {
      when: 'The account is unknown, or lets this network not in',
      effect: 'The job fails.',
      remedy: 'Check `accountName` or `endpoint`, and the network rules of the account.',
    },
    {
      when: 'The storage is busy (429, 5xx) or the connection is lost',
      effect: 'The call is repeated five times, with the pause the service asks for; then the job fails and nothing is seen of the blob.',
      remedy: 'Run the job again.',
    },
    {
      when: 'A blob of the name is immutable or leased (409, 412)',
      effect: 'The job fails.',
      remedy: 'Choose another `blobPrefix`, or have the policy or lease removed.',
    },
  ],
  limits: [
    'One file at a time, of up to 390 GiB; 2 GB pass in less than 300 MB of memory.',
    'Blobs are block blobs of the default tier, of type application/octet-stream; metadata and tags are not set.',
  ],
  params: z.object({ ...azureKeyParams, ...azureWriteParams('doc') }),
  examples: [
    {
      title: 'Into a virtual folder for each day',
      params: {
        accountName: 'mycompanydata',
        accountKey: 'bm90IGEgcmVhbCBrZXk=',
        container: 'exports',
        blobPrefix: `accounts/\${now:yyyy-MM-dd}/`,
      },
    },
  ],
  delivery: 'published-once',
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.blobPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the Azure library costs every other flow time at its start.
    const { openAzureByKey } = await import('#connectors/azure.ts');
    return openAzureByKey(params, ctx, { prefix, use: 'write' });
  },
  async write(file, { params, connection, fill, log }) {
    const { name, bytes } = await connection.upload(file, fill(params.blobPrefix));
    log.info(`${name} stands in the container ${params.container}, ${bytes} bytes.`);
  },
});
