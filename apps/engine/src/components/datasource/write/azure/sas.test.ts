import { readFileSync } from 'node:fs';
import type { ContainerClient } from '@azure/storage-blob';
import { type AzureSasServer, startAzureSas } from '@idsync/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runComponent } from '#testing';
import { type Azurite, startAzurite } from '#testing/peers/azurite.ts';
import writer from './sas.ts';

let azurite: Azurite;
let container: ContainerClient;
let broker: AzureSasServer;
beforeAll(async () => {
  azurite = await startAzurite();
  container = await azurite.makeContainer('files');
  broker = await startAzureSas({ storage: { ...azurite, container: 'files' } });
});
afterAll(async () => {
  await broker.stop();
  await azurite.stop();
});

/** The parameters of the flow that is known, led to this broker. */
const params = () => ({
  loginUrl: broker.loginUrl,
  authenticationUrl: broker.url,
  blobUri: '/api/sasstorage/create/',
  ...broker.client,
});

test('files are uploaded with one signature that grants creating only', async () => {
  broker.behaviour.rights = 'cw';
  broker.calls.length = 0;
  const big = readFileSync(process.execPath).subarray(0, 20_000_000);
  await runComponent(writer, { params: params(), files: { 'testAzure20240229.csv': 'a,b\n', 'big.bin': big } });
  expect(String(await container.getBlobClient('testAzure20240229.csv').downloadToBuffer())).toBe('a,b\n');
  expect((await container.getBlobClient('big.bin').downloadToBuffer()).equals(big)).toBe(true);
  expect(broker.calls.filter((call) => call.includes('sasstorage'))).toHaveLength(1);
});

test('a refused login fails the job before anything is uploaded', async () => {
  await expect(runComponent(writer, { params: { ...params(), clientSecret: 'wrong' }, files: { 'never.csv': 'x' } })).rejects.toThrow(
    /AADSTS7000215/,
  );
  expect(await container.getBlobClient('never.csv').exists()).toBe(false);
});
