import { z } from 'zod';
import { secret } from '#dataflow';
import { endpointFault, none } from '../endpoint.ts';
import type { S3Settings } from './settings.ts';

/** Parameters by which a step reaches a bucket of Amazon S3, or of a server that speaks its protocol. */
export const s3Params = {
  bucketName: z
    .string()
    .min(3)
    .meta({ title: 'Bucket', help: 'Name of the bucket.', examples: ['example-exports'], source: 'doc' }),
  accessKey: z
    .string()
    .min(1)
    .meta({ title: 'Access key', help: 'Access key id of an IAM user.', examples: ['AKIAIOSFODNN7EXAMPLE'], source: 'doc' }),
  secretKey: secret().meta({
    secret: true,
    title: 'Secret key',
    help: 'The secret access key that belongs to the access key.',
    source: 'doc',
  }),
  region: z
    .string()
    .min(1)
    .optional()
    .meta({
      title: 'Region',
      help: 'The region of the bucket. Without it the region is found out by asking the server.',
      examples: ['eu-central-1'],
      advanced: true,
      source: 'choice',
    }),
  endpoint: z
    .string()
    .superRefine(none(endpointFault))
    .optional()
    .meta({
      title: 'Endpoint',
      help: 'Address of another server that speaks the S3 protocol. Without it, Amazon’s.',
      examples: ['https://storage.example.com'],
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

export type S3Params = z.output<z.ZodObject<typeof s3Params>>;

export const s3Settings = ({ bucketName, accessKey, secretKey, region, endpoint, timeout }: S3Params): S3Settings => ({
  bucket: bucketName,
  accessKey,
  secretKey,
  region,
  endpoint,
  timeoutMs: timeout * 1000,
});
