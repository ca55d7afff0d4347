import { z } from 'zod';
import { objectKey } from '#connectors/object-keys.ts';
import { s3Params, s3Settings } from '#connectors/s3/params.ts';
import { defineFileWriter, fillPlaceholders } from '#dataflow';

const params = z.object({
  ...s3Params,
  objectKeyPrefix: z
    .string()
    .default('')
    .meta({
      title: 'Folder',
      help: 'The folder to write to, followed by a slash; empty is the root of the bucket. It needs not exist.',
      examples: ['outbox/', `outbox/\${now:yyyy}/\${now:MM}/`],
      placeholders: true,
      source: 'doc',
    }),
});

const cards = { bucketName: 'example-imports', accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'its-secret-key' };

export default defineFileWriter({
  type: 'datasource.write.amazon.s3',
  title: 'Write files to Amazon S3',
  summary: 'Uploads files to a folder of a bucket; an object stands under its key only when it is complete.',
  notes: [
    '- The key is `objectKeyPrefix`, a slash when it lacks its last one, and the name of the file. The name may hold folders of its own (`success/x.json`). A slash at the head of the prefix is left out.',
    '- A file longer than 16 MiB goes up in parts, three at a time, which nobody sees until the last call joins them; a shorter one goes up in one call. An object of the same key is replaced by then.',
    '- When an upload fails or the job is stopped, the parts are removed. Should the process be killed or the server not be reachable any more, they stay, unseen but charged: a lifecycle rule of the bucket that removes incomplete uploads after a day tidies them up.',
    '- Every body is covered by the signature, so a byte that is changed on the way is refused by the server.',
    '- Without `region` the region is found out from the answer of the server. `endpoint` reaches any other server that speaks the protocol.',
    '- The user needs the rights `s3:PutObject` and `s3:AbortMultipartUpload`. The test of the connection begins an upload and drops it.',
  ].join('\n'),
  faults: [
    {
      when: 'Wrong accessKey or secretKey (InvalidAccessKeyId, SignatureDoesNotMatch)',
      effect: 'The job fails before anything is written.',
      remedy: 'Check both keys; they belong together.',
    },
    {
      when: 'The user lacks a right (AccessDenied)',
      effect: 'The job fails and names the right.',
      remedy: 'Give the user s3:PutObject and s3:AbortMultipartUpload on the objects of the bucket.',
    },
    { when: 'No such bucket (NoSuchBucket)', effect: 'The job fails.', remedy: 'Check bucketName and, for another server, endpoint.' },
    {
      when: 'The bucket is in another region than region says',
      effect: 'The job fails and names the right region.',
      remedy: 'Set region to it, or leave region empty.',
    },
    {
      when: 'The server asks for patience (SlowDown, 5xx) or a connection is cut',
      effect: 'That part is sent again, up to six times with growing pauses; then the job fails and the upload is removed.',
      remedy: 'Run the job again; nothing was left under the key.',
    },
    {
      when: 'The server cannot be reached, or its certificate has expired',
      effect: 'The job fails and names the cause.',
      remedy: 'Check endpoint, the network, and the certificate.',
    },
    {
      when: 'A key is longer than 1024 bytes, or has a part `..`',
      effect: 'The job fails before that file is sent.',
      remedy: 'Change objectKeyPrefix or the name of the file.',
    },
  ],
  limits: [
    'A file whose size is known beforehand may be as long as S3 allows; one whose size is not, for example because it is compressed on the way, 156 GiB (10,000 parts of 16 MiB).',
    'An upload holds at most four parts in memory: 64 MiB for files up to 156 GiB.',
    'Temporary credentials (session tokens), roles, storage classes, tags and server-side encryption by own keys are not supported; the defaults of the bucket hold.',
  ],
  params,
  examples: [
    { title: 'To a folder', params: { ...cards, objectKeyPrefix: 'outbox/' } },
    { title: 'A folder for each day', params: { ...cards, objectKeyPrefix: `outbox/\${now:yyyy-MM-dd}/`, region: 'eu-central-1' } },
    { title: 'Another server', params: { ...cards, endpoint: 'https://storage.example.com' } },
  ],
  delivery: 'published-once',
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.objectKeyPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    // Loaded here: Amazon's library costs every other flow time at its start.
    const { openS3 } = await import('#connectors/s3.ts');
    return openS3(s3Settings(params), ctx, { prefix, use: 'write' });
  },
  async write(file, { params, connection, fill, log }) {
    const key = objectKey(fill(params.objectKeyPrefix), file.name);
    const bytes = await connection.upload(file, key);
    log.info(`${file.name} stands in ${params.bucketName} as ${key}, ${bytes} bytes.`);
  },
});
