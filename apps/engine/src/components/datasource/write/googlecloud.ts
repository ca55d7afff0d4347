import { z } from 'zod';
import { gcsParams, gcsSettings } from '#connectors/gcs/params.ts';
import { objectKey } from '#connectors/object-keys.ts';
import { defineFileWriter, fillPlaceholders } from '#dataflow';

const params = z.object({
  ...gcsParams,
  objectKeyPrefix: z
    .string()
    .default('')
    .meta({
      title: 'Folder',
      help: 'The folder to write to; empty is the root of the bucket. It needs not exist.',
      examples: ['outbox/', `outbox/\${now:yyyy}/\${now:MM}/`],
      placeholders: true,
      source: 'doc',
    }),
});

const account = {
  projectId: 'example-project',
  bucketName: 'example-imports',
  clientEmail: 'etl@example-project.iam.gserviceaccount.com',
  privateKey: 'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==',
};

export default defineFileWriter({
  type: 'datasource.write.googlecloud',
  title: 'Write files to Google Cloud Storage',
  summary: 'Uploads files to a folder of a bucket; an object stands under its name only when it is complete.',
  notes: [
    '- The id is inferred from that of the same connector in the customer data platform; its parameters are documented there.',
    '- The object’s name is `objectKeyPrefix`, a slash when it lacks its last one, and the name of the file. The name may hold folders of its own (`success/x.json`). A slash at the head of the prefix is left out.',
    '- A file longer than 16 MiB goes up in parts of one resumable upload, which nobody sees until the last part is there; a shorter one goes up in one call. An object of the same name is replaced by then.',
    '- The MD5 of the whole goes with the upload, so bytes that changed on the way are refused before the object appears.',
    '- A part that is cut is taken up where the server has it. When an upload fails or the job is stopped, it is cancelled; should the process be killed, Google forgets it after a week. Unseen it is in any case.',
    '- The service account needs `storage.objects.create`, and `storage.objects.delete` to replace objects: the role Storage Object User has both. Where the bucket wants the requester to pay, `projectId` is charged. The test of the connection begins an upload and cancels it.',
  ].join('\n'),
  faults: [
    {
      when: 'privateKey is no PEM block, is not RSA, or is the whole service-account file',
      effect: 'The job does not start; the error names privateKey.',
      remedy: 'Give private_key of the service-account file, the whole PEM block as base64.',
    },
    {
      when: 'invalid_grant: the key does not belong to clientEmail, was deleted, or there is no such account',
      effect: 'The job fails before anything is written.',
      remedy: 'Take clientEmail and privateKey from one service-account file whose key still exists.',
    },
    {
      when: 'The clock of this machine is wrong',
      effect: 'No token is issued, the job fails and says so.',
      remedy: 'Set the clock of the machine.',
    },
    {
      when: 'The account lacks a right (403); to replace an object it must be allowed to delete it',
      effect: 'The job fails and names the right.',
      remedy: 'Give it the role Storage Object User on the bucket.',
    },
    { when: 'No such bucket (404)', effect: 'The job fails.', remedy: 'Check bucketName.' },
    {
      when: 'Too many calls (429), a fault of the server (5xx) or a connection that is cut',
      effect: 'The call is repeated five times with growing pauses; then the job fails and the upload is cancelled.',
      remedy: 'Run the job again; nothing was left under the name.',
    },
    {
      when: 'The server cannot be reached, or its certificate has expired',
      effect: 'The job fails and names the cause.',
      remedy: 'Check endpoint, the network, and the certificate.',
    },
    {
      when: 'A name is longer than 1024 bytes, or has a part `..`',
      effect: 'The job fails before that file is sent.',
      remedy: 'Change objectKeyPrefix or the name of the file.',
    },
  ],
  limits: [
    'A file may be as long as the bucket allows (5 TiB); an upload holds at most three parts of 16 MiB in memory.',
    'Google lets one object be replaced about once a second; faster writes to the same name are slowed down.',
    'Storage classes, metadata, retention and keys of one’s own for encryption cannot be set; the defaults of the bucket hold.',
  ],
  params,
  examples: [
    { title: 'To a folder', params: { ...account, objectKeyPrefix: 'outbox/' } },
    { title: 'A folder for each day', params: { ...account, objectKeyPrefix: `outbox/\${now:yyyy-MM-dd}/` } },
  ],
  delivery: 'published-once',
  connect: async (params, ctx) => {
    const prefix = fillPlaceholders(params.objectKeyPrefix, { now: ctx.job.startTime, jobId: ctx.job.id, apiKey: ctx.site?.apiKey ?? '' });
    const { openGcs } = await import('#connectors/gcs.ts');
    return openGcs(gcsSettings(params), ctx, { prefix, use: 'write' });
  },
  async write(file, { params, connection, fill, log }) {
    const key = objectKey(fill(params.objectKeyPrefix), file.name);
    const bytes = await connection.upload(file, key);
    log.info(`${file.name} stands in ${params.bucketName} as ${key}, ${bytes} bytes.`);
  },
});
