import { z } from 'zod';
import { secret } from '#dataflow';
import { endpointFault, none } from '../endpoint.ts';
import type { GcsSettings } from './settings.ts';

const address = () => z.string().superRefine(none(endpointFault));

/** Parameters by which a step reaches a bucket of Google Cloud Storage. */
export const gcsParams = {
  projectId: z
    .string()
    .min(1)
    .meta({
      title: 'Project',
      help: 'project_id of the service-account file. It is charged where a bucket wants the requester to pay.',
      examples: ['example-project'],
      source: 'doc',
    }),
  bucketName: z
    .string()
    .min(3)
    .meta({ title: 'Bucket', help: 'Name of the bucket.', examples: ['example-exports'], source: 'doc' }),
  clientEmail: z.email('This is not the address of a service account, such as name@project.iam.gserviceaccount.com.').meta({
    title: 'Client email',
    help: 'client_email of the service-account file.',
    examples: ['etl@example-project.iam.gserviceaccount.com'],
    source: 'doc',
  }),
  privateKey: secret().meta({
    secret: true,
    title: 'Private key',
    multiline: true,
    help: 'private_key of the service-account file: the whole PEM block as base64, or as text.',
    source: 'doc',
  }),
  endpoint: address()
    .default('https://storage.googleapis.com')
    .meta({
      title: 'Endpoint',
      help: 'Base address of the JSON API, where it is not Google’s public one.',
      examples: ['https://storage.example.com'],
      advanced: true,
      source: 'choice',
    }),
  oauthEndpoint: address().default('https://oauth2.googleapis.com/token').meta({
    title: 'Token address',
    help: 'token_uri of the service-account file, where it is not Google’s public one.',
    advanced: true,
    source: 'choice',
  }),
  timeout: z.int().min(5).max(600).default(60).meta({
    title: 'Timeout',
    help: 'How long to wait for a connection and for each answer of the server.',
    unit: 'seconds',
    advanced: true,
    source: 'choice',
  }),
};

export type GcsParams = z.output<z.ZodObject<typeof gcsParams>>;

export const gcsSettings = ({ bucketName, timeout, ...params }: GcsParams): GcsSettings => {
  const { projectId, clientEmail, privateKey, endpoint, oauthEndpoint } = params;
  return { bucket: bucketName, projectId, clientEmail, privateKey, endpoint, tokenUri: oauthEndpoint, timeoutMs: timeout * 1000 };
};
