import { type AzureSasServer, startAzureSas } from '@idsync/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import { type Azurite, startAzurite } from '#testing/peers/azurite.ts';
import reader from './sas.ts';

let azurite: Azurite;
let broker: AzureSasServer;
beforeAll(async () => {
  azurite = await startAzurite();
  const container = await azurite.makeContainer('files');
  for (const name of ['in/b.csv', 'in/a.csv']) await container.getBlockBlobClient(name).upload(name, name.length);
  broker = await startAzureSas({ storage: { ...azurite, container: 'files' } });
  broker.behaviour.rights = 'rl';
});
afterAll(async () => {
  await broker.stop();
  await azurite.stop();
});

const read = (params: DataRecord = {}) =>
  runComponent(reader, {
    params: { loginUrl: broker.loginUrl, authenticationUrl: broker.url, blobUri: '/api/sasstorage/create/', ...broker.client, ...params },
  });

test('the blobs of the container are read with a signature that grants reading and listing only', async () => {
  const run = await read({ sortBy: 'name' });
  expect(run.files.map(({ name, text }) => [name, text])).toEqual([
    ['a.csv', 'in/a.csv'],
    ['b.csv', 'in/b.csv'],
  ]);
  expect((await read({ blobPrefix: 'in/b' })).files).toHaveLength(1);
});

test.each(['loginUrl', 'authenticationUrl', 'blobUri', 'clientId', 'clientSecret'])(
  'without %s the parameters are refused',
  async (field) => {
    await expect(read({ [field]: null })).rejects.toThrow(field);
  },
);

test('addresses that are none are refused', async () => {
  await expect(read({ loginUrl: 'company.onmicrosoft.com' })).rejects.toThrow(/loginUrl: .*This is not a web address/);
});
