import { z } from 'zod';
import { azureReadParams, azureSasParams } from '#connectors/azure/params.ts';
import { readAzureFiles } from '#connectors/azure/read-files.ts';
import { defineFileReader, fillPlaceholders } from '#dataflow';

export default defineFileReader({
  type: 'datasource.read.azure.sas',
  title: 'Read from Azure by signature',
  summary: 'Reads the blobs of a container with a shared access signature that a broker hands out.',
  notes: [
    '- How the original calls the broker is not known. Here: a token is fetched from `loginUrl` + `/oauth2/v2.0/token` with the client credentials (grant `client_credentials`, scope `<clientId>/.default` unless `scope` says otherwise); a `loginUrl` that ends in `/oauth2/token` or `/oauth2/v2.0/token` is taken as it is, and the older of the two gets a `resource` in place of the scope.',
    '- Then `authenticationUrl` + `blobUri` is called with `Authorization: Bearer`, by GET, and by POST when that answers 405. The answer holds the address with the signature: as plain text, as a JSON text, or anywhere in a JSON object (`sasUri`, `url`, `uri` …); address and signature may be two fields.',
    '- The signature may be for a container (`sr=c`) or for one blob (`sr=b`). A new one is asked for before it ends (`se`), and once when the storage refuses it.',
    '- Only blobs changed since the last successful run are read, unless the job pulls all records; they are chosen, ordered and read as `datasource.read.azure.blob` does. `blobPrefix`, `fileNameRegex`, `sortBy`, `sortOrder` and `scope` are choices of this product.',
  ].join('\n'),
  faults: [
    {
      when: 'The login refuses the client (400, 401 invalid_client)',
      effect: 'The job fails.',
      remedy: 'Check `loginUrl`, `clientId` and `clientSecret`; secrets of applications end.',
    },
    {
      when: 'The broker refuses the token, or does not know the path',
      effect: 'The job fails.',
      remedy: 'Check `authenticationUrl`, `blobUri` and `scope`, and whether the broker knows the application.',
    },
    {
      when: 'The answer of the broker holds no signature',
      effect: 'The job fails.',
      remedy: 'Check `blobUri`, and what the broker hands out.',
    },
    {
      when: 'The storage refuses the signature (403)',
      effect: 'A new one is asked for once, then the job fails.',
      remedy: 'Have the broker grant r and l; check its clock.',
    },
    {
      when: 'Login, broker or storage are busy, or the connection is lost',
      effect: 'The call is repeated, with the pause they ask for.',
      remedy: 'None.',
    },
  ],
  limits: [
    'One blob at a time. Blobs of any size; 2 GB pass in less than 300 MB of memory.',
    'A signature for a virtual folder (`sr=d`) is used as one for a container.',
  ],
  params: z.object({ ...azureSasParams, ...azureReadParams('choice') }),
  examples: [
    {
      title: 'All CSV files of the container',
      params: {
        loginUrl: 'https://login.microsoftonline.com/company.onmicrosoft.com',
        clientId: '00000000-0000-0000-0000-000000000000',
        clientSecret: 'its-secret',
        authenticationUrl: 'https://sas.example.com',
        blobUri: '/api/sasstorage/create/',
        fileNameRegex: '.*\\.csv',
      },
    },
  ],
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.blobPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the Azure library costs every other flow time at its start.
    const { openAzureBySas } = await import('#connectors/azure.ts');
    return openAzureBySas(params, ctx, { prefix, use: 'read' });
  },
  read: readAzureFiles,
});
