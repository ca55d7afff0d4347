import { type GcsServer, startGcs } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { runComponent } from '#testing';
import writer from '../write/googlecloud.ts';
import reader from './googlecloud.ts';

let server: GcsServer;
const cards = () => ({
  bucketName: 'bucket',
  endpoint: server.url,
  oauthEndpoint: server.tokenUrl,
  ...server.credentials('objectUser'),
});

beforeAll(async () => {
  server = await startGcs({ buckets: ['bucket'] });
  for (const [objectKeyPrefix, name] of [
    ['inbox', 'b.csv'],
    ['inbox/sub', 'a.csv'],
    ['inbox', 'c.json'],
    ['inbox', 'half.csv.uploading'],
    ['inbox-old', 'z.csv'],
  ] as const) {
    await runComponent(writer, { params: { ...cards(), objectKeyPrefix }, files: { [name]: `content of ${objectKeyPrefix}/${name}` } });
  }
});
afterAll(() => server.stop());

const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
  runComponent(reader, { ...options, params: { ...cards(), ...params } });
const namesOf = (run: { files: { name: string }[] }) => run.files.map(({ name }) => name);

describe('reading files from Google Cloud Storage', () => {
  test('gives the files of the folder and those below it under their own names, with content, number and position', async () => {
    const run = await read({ objectKeyPrefix: 'inbox/', sortBy: 'name' });
    expect(namesOf(run)).toEqual(['a.csv', 'b.csv', 'c.json']);
    expect(run.files[0]?.text).toBe('content of inbox/sub/a.csv');
    expect(run.total).toBe(3);
    expect(run.positions[0]).toEqual({ key: 'inbox/sub/a.csv', modifiedMs: expect.any(Number) });
  });

  test('a prefix without a slash finds other folders too, a whole name one object, and none all', async () => {
    expect(namesOf(await read({ objectKeyPrefix: 'inbox', sortBy: 'name' }))).toEqual(['a.csv', 'b.csv', 'c.json', 'z.csv']);
    expect(namesOf(await read({ objectKeyPrefix: '/inbox/c.json' }))).toEqual(['c.json']);
    expect(namesOf(await read({}))).toHaveLength(4);
  });

  test('matches whole names and sorts by time or name, either way', async () => {
    const params = { objectKeyPrefix: 'inbox/', fileNameRegex: '.*\\.csv' };
    expect(namesOf(await read(params))).toEqual(['b.csv', 'a.csv']);
    expect(namesOf(await read({ ...params, sortOrder: 'DESC' }))).toEqual(['a.csv', 'b.csv']);
    expect(namesOf(await read({ ...params, sortBy: 'name' }))).toEqual(['a.csv', 'b.csv']);
    expect(namesOf(await read({ ...params, fileNameRegex: 'c.json' }))).toEqual(['c.json']);
  });

  test('takes only objects changed since the last run, unless the job pulls all', async () => {
    const later = new Date(Date.now() + 60_000);
    const earlier = new Date(Date.now() - 3_600_000);
    const objectKeyPrefix = 'inbox/';
    expect(namesOf(await read({ objectKeyPrefix }, { job: { changedSince: later, fullExtract: false } }))).toEqual([]);
    expect(namesOf(await read({ objectKeyPrefix }, { job: { changedSince: earlier, fullExtract: false } }))).toHaveLength(3);
    expect(namesOf(await read({ objectKeyPrefix }, { job: { changedSince: later, fullExtract: true } }))).toHaveLength(3);
  });

  test('a missing right and a missing bucket fail the job, and a wrong key names its field', async () => {
    const failing = (params: DataRecord) => read(params).catch((thrown) => thrown);
    expect(await failing({ ...server.credentials('objectCreator') })).toMatchObject({ code: errorCodes.notAllowed });
    expect(await failing({ bucketName: 'nowhere' })).toMatchObject({ code: errorCodes.notFound });
    expect(await failing({ privateKey: 'nonsense' })).toMatchObject({ field: 'privateKey' });
  });

  test.each([
    [{ projectId: null }, /projectId/],
    [{ bucketName: '' }, /bucketName/],
    [{ clientEmail: 'etl' }, /clientEmail: .*address of a service account/],
    [{ privateKey: null }, /privateKey/],
    [{ endpoint: 'ftp://x' }, /endpoint: .*not a web address/],
    [{ fileNameRegex: '(' }, /fileNameRegex: .*not a regular expression/],
    [{ timeout: 1000 }, /timeout/],
  ])('%j is refused by name', async (wrong, told) => {
    await expect(read(wrong)).rejects.toThrow(told);
  });
});
