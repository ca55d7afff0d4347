import type { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { runComponent } from '#testing';
import { type Azurite, startAzurite } from '#testing/peers/azurite.ts';
import reader from './blob.ts';

let azurite: Azurite;
let container: ContainerClient;
beforeAll(async () => {
  azurite = await startAzurite();
  container = await azurite.makeContainer('imports');
  for (const name of ['in/b.csv', 'in/a.csv', 'in/notes.txt', 'in/half.csv.uploading', 'other/c.csv'])
    await container.getBlockBlobClient(name).upload(`content of ${name}`, `content of ${name}`.length);
});
afterAll(() => azurite.stop());

const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) => {
  const { accountName, accountKey, endpoint } = azurite;
  return runComponent(reader, { ...options, params: { accountName, accountKey, endpoint, container: 'imports', ...params } });
};
const namesOf = (run: { files: { name: string }[] }) => run.files.map(({ name }) => name);

describe('reading from Azure Blob Storage', () => {
  test('gives the complete blobs under the prefix with content, number and positions', async () => {
    const run = await read({ blobPrefix: 'in/', fileNameRegex: '.*\\.csv', sortBy: 'name' });
    expect(namesOf(run)).toEqual(['a.csv', 'b.csv']);
    expect(run.files[0]?.text).toBe('content of in/a.csv');
    expect(run.total).toBe(2);
    expect(run.positions[0]).toMatchObject({ name: 'in/a.csv' });
    expect(namesOf(await read({ sortBy: 'name', sortOrder: 'DESC' }))).toEqual(['notes.txt', 'c.csv', 'b.csv', 'a.csv']);
  });

  test('takes only blobs changed since the last run, unless the job pulls all', async () => {
    const job = { changedSince: new Date(Date.now() + 3_600_000), fullExtract: false };
    expect(namesOf(await read({}, { job }))).toEqual([]);
    expect(namesOf(await read({}, { job: { ...job, fullExtract: true } }))).toHaveLength(4);
    expect(namesOf(await read({}, { job: { changedSince: new Date(Date.now() - 3_600_000), fullExtract: false } }))).toHaveLength(4);
  });

  test('a container that does not exist fails the job', async () => {
    await expect(read({ container: 'not-there' })).rejects.toMatchObject({ code: errorCodes.notFound });
  });

  test.each([
    ['accountName', { accountName: 'Not An Account' }, /3 to 24 lower-case/],
    ['accountKey', { accountKey: 'not base64!' }, /base64.*Copy it whole/],
    ['accountKey', { accountKey: null }, /accountKey/],
    ['container', { container: 'No' }, /3 to 63/],
    ['endpoint', { endpoint: 'myaccount' }, /web address/],
    ['fileNameRegex', { fileNameRegex: '(' }, /regular expression/],
    ['sortOrder', { sortOrder: 'UP' }, /sortOrder/],
  ])('a wrong %s is told before anything is connected', async (field, params, expected) => {
    const thrown = await read(params).catch(String);
    expect(thrown).toContain(field);
    expect(thrown).toMatch(expected);
  });
});
