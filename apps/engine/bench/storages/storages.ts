import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startSwiftS3 } from '../../src/testing/peers/swift-s3.ts';
import { openAzureBlob } from './azure-blob.ts';
import { openFtp } from './ftp.ts';
import { openSftp } from './sftp.ts';

/** A storage that runs, and the steps that write to it and read all of it. */
export interface Storage extends AsyncDisposable {
  writer: { type: string; params: object };
  reader: { type: string; params: object };
}

const Bucket = 'large';

async function openS3(): Promise<Storage> {
  const { endpoint, region, accessKey, secretKey, stop } = await startSwiftS3();
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
  const params = { bucketName: Bucket, endpoint, accessKey, secretKey };
  return {
    writer: { type: 'datasource.write.amazon.s3', params },
    reader: { type: 'datasource.read.amazon.s3', params },
    [Symbol.asyncDispose]: stop,
  };
}

async function openGcs(): Promise<Storage> {
  const child = fork(path.join(import.meta.dirname, 'gcs-process.ts'), [Bucket]);
  const [params] = (await once(child, 'message')) as [object];
  return {
    writer: { type: 'datasource.write.googlecloud', params },
    reader: { type: 'datasource.read.googlecloud', params },
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

export const storages: Record<string, () => Promise<Storage>> = {
  s3: openS3,
  gcs: openGcs,
  'azure-blob': openAzureBlob,
  sftp: openSftp,
  ftp: openFtp('none'),
  'ftps-explicit': openFtp('explicit'),
  'ftps-implicit': openFtp('implicit'),
};
