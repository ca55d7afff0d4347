import { z } from 'zod';
import { fileSelectionParams } from '#connectors/file-selection-params.ts';
import { gcsParams, gcsSettings } from '#connectors/gcs/params.ts';
import { readObjects } from '#connectors/read-objects.ts';
import { defineFileReader, fillPlaceholders } from '#dataflow';

const params = z.object({
  ...gcsParams,
  objectKeyPrefix: z
    .string()
    .default('')
    .meta({
      title: 'Key prefix',
      help: 'What the names of the objects begin with: Test reads every folder that begins with Test, Test1/a the files of Test1 that begin with a. Empty reads all folders.',
      examples: ['inbox/', 'inbox/accounts.csv', `inbox/\${now:yyyy-MM-dd}/`],
      placeholders: true,
      source: 'doc',
    }),
  ...fileSelectionParams('choice'),
  fileNameRegex: fileSelectionParams('doc').fileNameRegex,
});

const account = {
  projectId: 'example-project',
  bucketName: 'example-exports',
  clientEmail: 'etl@example-project.iam.gserviceaccount.com',
  privateKey: 'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==',
};

export default defineFileReader({
  type: 'datasource.read.googlecloud',
  title: 'Read files from Google Cloud Storage',
  summary: 'Reads the objects of a bucket whose names begin with a prefix, by default those that changed since the last successful run.',
  notes: [
    '- The id is inferred from that of the same connector in the customer data platform; its parameters are documented there. `sortBy` and `sortOrder` are our choice, as in the SFTP reader.',
    '- A file is called by the last part of the object’s name, and `fileNameRegex` is matched with that. Objects whose name ends in a slash only mark a folder and are left out, and so are names that end in `.uploading`. A slash at the head of the prefix is left out.',
    '- Only objects whose content was written since the last successful run are read, by the time the bucket shows, unless the job pulls all records. No object is no fault.',
    '- Objects that are stored with the encoding gzip come as they are stored; a step `file.uncompress.gzip` unpacks them.',
    '- Passing faults (429, 5xx, cut connections) are repeated; a download that is cut goes on behind the last byte, of the same generation of the object.',
    '- The service account needs the role Storage Object Viewer on the bucket (`storage.objects.list`, `storage.objects.get`). Where the bucket wants the requester to pay, `projectId` is charged. Nothing is removed or changed in the bucket.',
  ].join('\n'),
  faults: [
    {
      when: 'privateKey is no PEM block, is not RSA, or is the whole service-account file',
      effect: 'The job does not start; the error names privateKey.',
      remedy: 'Give private_key of the service-account file, the whole PEM block as base64.',
    },
    {
      when: 'invalid_grant: the key does not belong to clientEmail, was deleted, or there is no such account',
      effect: 'The job fails before anything is read.',
      remedy: 'Take clientEmail and privateKey from one service-account file whose key still exists.',
    },
    {
      when: 'The clock of this machine is wrong',
      effect: 'No token is issued, the job fails and says so.',
      remedy: 'Set the clock of the machine.',
    },
    {
      when: 'The account lacks a right (403)',
      effect: 'The job fails and names the right.',
      remedy: 'Give it the role Storage Object Viewer on the bucket.',
    },
    { when: 'No such bucket (404)', effect: 'The job fails.', remedy: 'Check bucketName.' },
    {
      when: 'Too many calls (429) or a fault of the server (5xx)',
      effect: 'The call is repeated with growing pauses, for a minute or two; then the job fails.',
      remedy: 'Run the job again.',
    },
    {
      when: 'The server cannot be reached, or its certificate has expired',
      effect: 'Calls are repeated, then the job fails and names the cause. A wrong certificate fails at once.',
      remedy: 'Check endpoint, the network, and the certificate.',
    },
    {
      when: 'An object changes while it is read',
      effect: 'Reading goes on as long as the connection holds; a download that was cut then fails the job.',
      remedy: 'Run the job again when the object is complete.',
    },
  ],
  limits: [
    'The whole listing is held in memory while it is sorted, about 300 bytes for each object below the prefix.',
    'Two objects of the same name in different folders become two files of the same name.',
    'Versions of objects and keys of one’s own for encryption are not supported.',
  ],
  params,
  examples: [
    { title: 'All CSV files of a folder, oldest first', params: { ...account, objectKeyPrefix: 'inbox/', fileNameRegex: '.*\\.csv' } },
    { title: 'One object', params: { ...account, objectKeyPrefix: 'inbox/accounts.json' } },
  ],
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.objectKeyPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    const { openGcs } = await import('#connectors/gcs.ts');
    return openGcs(gcsSettings(params), ctx, { prefix, use: 'read' });
  },
  read: (ctx) => readObjects(ctx),
});
