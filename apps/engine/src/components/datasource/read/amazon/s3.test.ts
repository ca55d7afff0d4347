import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { runComponent } from '#testing';
import { type SwiftS3, startSwiftS3, swiftS3Missing } from '#testing/peers/swift-s3.ts';
import reader from './s3.ts';

const bucketName = 'reading';

describe.skipIf(swiftS3Missing)(`reading files from S3${swiftS3Missing ? ` (skipped: ${swiftS3Missing})` : ''}`, () => {
  let swift: SwiftS3;
  let observer: S3Client;
  const put = (Key: string, Body: string | Uint8Array) => observer.send(new PutObjectCommand({ Bucket: bucketName, Key, Body }));

  beforeAll(async () => {
    swift = await startSwiftS3();
    const credentials = { accessKeyId: swift.accessKey, secretAccessKey: swift.secretKey };
    observer = new S3Client({ endpoint: swift.endpoint, region: swift.region, forcePathStyle: true, credentials });
    await observer.send(new CreateBucketCommand({ Bucket: bucketName }));
    for (const key of ['inbox/', 'inbox/b.csv', 'inbox/sub/a.csv', 'inbox/c.json', 'inbox/half.csv.uploading', 'inbox-old/z.csv'])
      await put(key, key.endsWith('/') ? Buffer.alloc(0) : `content of ${key}`);
  }, 120_000);
  afterAll(async () => {
    observer?.destroy();
    await swift?.stop();
  });

  const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) => {
    const { endpoint, accessKey, secretKey } = swift;
    return runComponent(reader, { ...options, params: { bucketName, endpoint, accessKey, secretKey, ...params } });
  };
  const namesOf = (run: { files: { name: string }[] }) => run.files.map(({ name }) => name);

  test('gives the files of the folder and those below it under their own names, with content, number and position', async () => {
    const run = await read({ objectKeyPrefix: 'inbox/', sortBy: 'name' });
    expect(namesOf(run)).toEqual(['a.csv', 'b.csv', 'c.json']);
    expect(run.files[0]?.text).toBe('content of inbox/sub/a.csv');
    expect(run.total).toBe(3);
    expect(run.positions[0]).toEqual({ key: 'inbox/sub/a.csv', modifiedMs: expect.any(Number) });
    expect(run.log.map(({ message }) => message)).toContain('3 of 4 objects of reading/inbox/ are read: those that match.');
  });

  test('a prefix without a slash finds other folders too, a whole key one object, and none all', async () => {
    expect(namesOf(await read({ objectKeyPrefix: 'inbox', sortBy: 'name' }))).toEqual(['a.csv', 'b.csv', 'c.json', 'z.csv']);
    expect(namesOf(await read({ objectKeyPrefix: '/inbox/c.json' }))).toEqual(['c.json']);
    expect(namesOf(await read({ objectKeyPrefix: '' }))).toHaveLength(4);
    expect(namesOf(await read({ objectKeyPrefix: 'nothing/' }))).toEqual([]);
  });

  test('matches whole names and sorts by name or time, either way', async () => {
    const params = { objectKeyPrefix: 'inbox/', fileNameRegex: '.*\\.csv' };
    expect(namesOf(await read({ ...params, sortBy: 'name', sortOrder: 'DESC' }))).toEqual(['b.csv', 'a.csv']);
    expect(namesOf(await read({ ...params, fileNameRegex: 'b.csv' }))).toEqual(['b.csv']);
    expect(namesOf(await read(params))).toHaveLength(2);
  });

  test('takes only objects changed since the last run, unless the job pulls all', async () => {
    const objectKeyPrefix = 'inbox/';
    const later = new Date(Date.now() + 60_000);
    const earlier = new Date(Date.now() - 3_600_000);
    expect(namesOf(await read({ objectKeyPrefix }, { job: { changedSince: later, fullExtract: false } }))).toEqual([]);
    expect(namesOf(await read({ objectKeyPrefix }, { job: { changedSince: earlier, fullExtract: false } }))).toHaveLength(3);
    expect(namesOf(await read({ objectKeyPrefix }, { job: { changedSince: later, fullExtract: true } }))).toHaveLength(3);
  });

  test('finds more objects than fit on one page of a listing', async () => {
    const names = Array.from({ length: 120 }, (_, count) => `${String(count).padStart(3, '0')}.txt`);
    const waiting = [...names];
    const putAll = async () => {
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) await put(`many/${name}`, name);
    };
    await Promise.all(Array.from({ length: 4 }, putAll));
    const run = await read({ objectKeyPrefix: 'many/', sortBy: 'name', sortOrder: 'DESC', fileNameRegex: '(00|11).\\.txt' });
    expect(namesOf(run)).toEqual(names.filter((name) => /^(00|11)/.test(name)).reverse());
    expect(run.log.map(({ message }) => message).join()).toContain('20 of 120 objects');
  }, 60_000);

  test('a wrong secret and a missing bucket fail the job, and the secret appears nowhere', async () => {
    const failed = await read({ secretKey: 'not-the-secret' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(JSON.stringify(failed) + String(failed)).not.toContain('not-the-secret');
    expect(await read({ bucketName: 'nowhere' }).catch((thrown) => thrown)).toMatchObject({ code: errorCodes.notFound });
  });
});

describe('the parameters of the S3 reader', () => {
  const cards = { bucketName: 'bucket', accessKey: 'key', secretKey: 'secret' };
  test.each([
    [{ bucketName: null }, /bucketName/],
    [{ accessKey: '' }, /accessKey/],
    [{ secretKey: null }, /secretKey/],
    [{ bucketName: 'ab' }, /bucketName/],
    [{ endpoint: 'storage.example.com' }, /endpoint: .*This is not a web address/],
    [{ endpoint: 'https://a:b@storage.example.com' }, /endpoint: .*Give no user name/],
    [{ fileNameRegex: '(' }, /fileNameRegex: .*This is not a regular expression/],
    [{ sortBy: 'size' }, /sortBy/],
    [{ timeout: 1 }, /timeout/],
  ])('%j are refused by name', async (wrong, told) => {
    await expect(runComponent(reader, { params: { ...cards, ...wrong } })).rejects.toThrow(told);
  });
});
