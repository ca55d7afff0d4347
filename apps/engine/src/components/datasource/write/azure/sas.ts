import { z } from 'zod';
import { azureSasParams, azureWriteParams } from '#connectors/azure/params.ts';
import { defineFileWriter, fillPlaceholders } from '#dataflow';

export default defineFileWriter({
  type: 'datasource.write.azure.sas',
  title: 'Write to Azure by signature',
  summary: 'Uploads each file as a blob with a shared access signature that a broker hands out; it is seen only when it is complete.',
  notes: [
    '- How the original calls the broker is not known. Here: a token is fetched from `loginUrl` + `/oauth2/v2.0/token` with the client credentials (grant `client_credentials`, scope `<clientId>/.default` unless `scope` says otherwise); a `loginUrl` that ends in `/oauth2/token` or `/oauth2/v2.0/token` is taken as it is, and the older of the two gets a `resource` in place of the scope.',
    '- Then `authenticationUrl` + `blobUri` is called with `Authorization: Bearer`, by GET, and by POST when that answers 405. The answer holds the address with the signature: as plain text, as a JSON text, or anywhere in a JSON object (`sasUri`, `url`, `uri` …); address and signature may be two fields.',
    '- The signature may be for a container (`sr=c`) or for one blob (`sr=b`). A new one is asked for before it ends (`se`), and once when the storage refuses it.',
    '- With a signature for a container the blob is called `blobPrefix` followed by the name of the file; with one for a blob it is that blob, and a second file fails the job. A blob of that name is replaced.',
    '- Files go up as `datasource.write.azure.blob` sends them. `blobPrefix` and `scope` are choices of this product.',
    '- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.',
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
      remedy: 'Have the broker grant c and w; check its clock.',
    },
    {
      when: 'Login, broker or storage are busy, or the connection is lost',
      effect: 'The call is repeated, with the pause they ask for.',
      remedy: 'None.',
    },
  ],
  limits: [
    'One file at a time, of up to 390 GiB; 2 GB pass in less than 300 MB of memory.',
    'Testing the connection writes nothing when the signature grants no removing (d).',
  ],
  params: z.object({ ...azureSasParams, ...azureWriteParams('choice') }),
  examples: [
    {
      title: 'With a broker of your own',
      params: {
        loginUrl: 'https://login.microsoftonline.com/company.onmicrosoft.com',
        clientId: '00000000-0000-0000-0000-000000000000',
        clientSecret: 'its-secret',
        authenticationUrl: 'https://sas.example.com',
        blobUri: '/api/sasstorage/create/',
      },
    },
  ],
  delivery: 'published-once',
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.blobPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: the Azure library costs every other flow time at its start.
    const { openAzureBySas } = await import('#connectors/azure.ts');
    return openAzureBySas(params, ctx, { prefix, use: 'write' });
  },
  async write(file, { params, connection, fill, log }) {
    const { name, bytes } = await connection.upload(file, fill(params.blobPrefix));
    log.info(`${name} stands in the container, ${bytes} bytes.`);
  },
});
