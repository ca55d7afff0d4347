import { createHash, randomBytes } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import { type SwiftS3, startSwiftS3, swiftS3Missing } from '#testing/peers/swift-s3.ts';
import reader from '../../read/amazon/s3.ts';
import writer from './s3.ts';

const Bucket = 'writing';
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

describe.skipIf(swiftS3Missing)(`writing files to S3${swiftS3Missing ? ` (skipped: ${swiftS3Missing})` : ''}`, () => {
  let swift: SwiftS3;
  let observer: S3Client;
  beforeAll(async () => {
    swift = await startSwiftS3();
    const credentials = { accessKeyId: swift.accessKey, secretAccessKey: swift.secretKey };
    observer = new S3Client({ endpoint: swift.endpoint, region: swift.region, forcePathStyle: true, credentials });
    await observer.send(new CreateBucketCommand({ Bucket }));
  }, 120_000);
  afterAll(async () => {
    observer?.destroy();
    await swift?.stop();
  });

  const login = () => ({ bucketName: Bucket, endpoint: swift.endpoint, accessKey: swift.accessKey, secretKey: swift.secretKey });
  const write = (files: Record<string, string | Uint8Array>, params: DataRecord = {}) =>
    runComponent(writer, { params: { ...login(), ...params }, files });
  const keys = async (Prefix: string) =>
    ((await observer.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map(({ Key }) => Key);
  const textOf = async (Key: string) => (await observer.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  const unfinished = async () => (await observer.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];

  test('20 MB arrive unchanged and come back unchanged', async () => {
    const bytes = randomBytes(20_000_001);
    const run = await write({ 'big.bin': bytes }, { objectKeyPrefix: 'out/' });
    expect(run.unreleased).toBe(0);
    expect(run.log.map(({ message }) => message)).toContain('big.bin stands in writing as out/big.bin, 20000001 bytes.');
    const back = await runComponent(reader, { params: { ...login(), objectKeyPrefix: 'out/' } });
    expect(back.files.map((file) => [file.name, sha256(file.bytes)])).toEqual([['big.bin', sha256(bytes)]]);
  });

  test('the folder may hold placeholders and lack its slash, the name may hold folders, and an object of the same key is replaced', async () => {
    const params = { objectKeyPrefix: `/daily/\${now:yyyy-MM-dd}` };
    await write({ 'a.csv': 'a longer first version' }, params);
    await write({ 'a.csv': 'second', 'success/b.csv': '' }, params);
    expect(await keys('daily')).toEqual(['daily/2024-02-29/a.csv', 'daily/2024-02-29/success/b.csv']);
    expect(await textOf('daily/2024-02-29/a.csv')).toBe('second');
    await write({ 'root.csv': 'x' });
    expect(await keys('root')).toEqual(['root.csv']);
  });

  test('a name that would climb out of the folder, or a key that is too long, is refused and leaves nothing', async () => {
    await expect(write({ '../a.csv': 'x' }, { objectKeyPrefix: 'refused/' })).rejects.toThrow(/has a part \. or \.\./);
    await expect(write({ [`${'n'.repeat(1020)}.csv`]: 'x' }, { objectKeyPrefix: 'refused/' })).rejects.toThrow(/1032 bytes long/);
    expect(await keys('refused')).toEqual([]);
  });

  test('files go up in the order they come, and the first that fails ends the step', async () => {
    const failed = await write({ '1.csv': 'one', '../2.csv': 'two', '3.csv': 'three' }, { objectKeyPrefix: 'row/' }).catch(
      (thrown) => thrown,
    );
    expect(failed).toMatchObject({ code: errorCodes.invalidParameter });
    expect(await keys('row/')).toEqual(['row/1.csv']);
  });

  test('a wrong secret, a missing right and a missing bucket fail the job and leave nothing', async () => {
    const code = async (params: DataRecord) => (await write({ 'no.csv': 'x' }, params).catch((thrown) => thrown)).code;
    expect(await code({ secretKey: 'wrong' })).toBe(errorCodes.authenticationFailed);
    expect(await code(swift.stranger)).toBe(errorCodes.notAllowed);
    expect(await code({ bucketName: 'nowhere' })).toBe(errorCodes.notFound);
    expect([await keys('no.csv'), await unfinished()]).toEqual([[], []]);
  });

  test('its connection can be tried without leaving anything', async () => {
    const params = writer.params.parse({ ...login(), objectKeyPrefix: `try/\${now:yyyy}/` });
    const connection = await writer.connect?.(params, fakeContext());
    expect(await connection?.test()).toContain('Files can be written to s3://writing');
    await connection?.[Symbol.asyncDispose]();
    expect([await keys('try'), await unfinished()]).toEqual([[], []]);
  });
});
