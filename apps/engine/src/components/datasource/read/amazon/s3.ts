import { z } from 'zod';
import { fileSelectionParams } from '#connectors/file-selection-params.ts';
import { readObjects } from '#connectors/read-objects.ts';
import { s3Params, s3Settings } from '#connectors/s3/params.ts';
import { defineFileReader, fillPlaceholders } from '#dataflow';

const params = z.object({
  ...s3Params,
  objectKeyPrefix: z
    .string()
    .default('')
    .meta({
      title: 'Key prefix',
      help: 'What the keys of the objects begin with: a folder such as inbox/, or the whole key of one object. Empty reads the whole bucket.',
      examples: ['inbox/', 'inbox/accounts.csv', `inbox/\${now:yyyy-MM-dd}/`],
      placeholders: true,
      source: 'doc',
    }),
  ...fileSelectionParams('choice'),
  fileNameRegex: fileSelectionParams('doc').fileNameRegex,
});

const cards = { bucketName: 'example-exports', accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'its-secret-key' };

export default defineFileReader({
  type: 'datasource.read.amazon.s3',
  title: 'Read files from Amazon S3',
  summary: 'Reads the objects of a bucket whose keys begin with a prefix, by default those that changed since the last successful run.',
  notes: [
    '- `objectKeyPrefix` is compared letter by letter, as S3 does: `in` finds `inbox/a.csv` too, `inbox/` everything in that folder and in those below it. A slash at its head is left out.',
    '- A file is called by the last part of its key, and `fileNameRegex` is matched with that. Objects whose key ends in a slash only mark a folder and are left out, and so are names that end in `.uploading`.',
    '- Only objects changed since the last successful run are read, by the time S3 shows, unless the job pulls all records. No object is no fault.',
    '- Without `region` the region is found out from the answer of the server, so that a bucket of any region can be read with its name alone.',
    '- Passing faults (`SlowDown`, 5xx, cut connections) are repeated; a download that is cut goes on behind the last byte, of the same version of the object.',
    '- `endpoint` reaches any other server that speaks the protocol; the bucket then stands in the path. `sortBy` and `sortOrder` are our choice, as in the SFTP reader.',
    '- The user needs the rights `s3:ListBucket` and `s3:GetObject`. Nothing is removed or changed in the bucket.',
  ].join('\n'),
  faults: [
    {
      when: 'Wrong accessKey or secretKey (InvalidAccessKeyId, SignatureDoesNotMatch)',
      effect: 'The job fails before anything is read.',
      remedy: 'Check both keys; they belong together.',
    },
    {
      when: 'The user lacks a right (AccessDenied)',
      effect: 'The job fails and names the right.',
      remedy: 'Give the user s3:ListBucket on the bucket and s3:GetObject on its objects.',
    },
    { when: 'No such bucket (NoSuchBucket)', effect: 'The job fails.', remedy: 'Check bucketName and, for another server, endpoint.' },
    {
      when: 'The bucket is in another region than region says',
      effect: 'The job fails and names the right region.',
      remedy: 'Set region to it, or leave region empty.',
    },
    {
      when: 'The clock of this machine is wrong (RequestTimeTooSkewed)',
      effect: 'The call is repeated with the server’s time; where that does not help the job fails.',
      remedy: 'Set the clock of the machine.',
    },
    {
      when: 'The server cannot be reached, or its certificate has expired',
      effect: 'Calls are repeated for some seconds, then the job fails and names the cause. A wrong certificate fails at once.',
      remedy: 'Check endpoint, the network, and the certificate.',
    },
    {
      when: 'An object is archived (InvalidObjectState)',
      effect: 'The job fails when it comes to that object.',
      remedy: 'Restore it, or leave it out by fileNameRegex.',
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
    'Temporary credentials (session tokens), roles and versions of objects are not supported.',
    'Objects whose key begins with a slash are read only by an empty prefix.',
  ],
  params,
  examples: [
    { title: 'All CSV files of a folder, oldest first', params: { ...cards, objectKeyPrefix: 'inbox/', fileNameRegex: '.*\\.csv' } },
    { title: 'One object', params: { ...cards, objectKeyPrefix: 'inbox/accounts.json' } },
    { title: 'Another server', params: { ...cards, endpoint: 'https://storage.example.com', region: 'us-east-1' } },
  ],
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.objectKeyPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: Amazon's library costs every other flow time at its start.
    const { openS3 } = await import('#connectors/s3.ts');
    return openS3(s3Settings(params), ctx, { prefix, use: 'read' });
  },
  read: (ctx) => readObjects(ctx),
});
