import { randomBytes } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import { type Azurite, startAzurite } from '#testing/peers/azurite.ts';
import writer from './blob.ts';

let azurite: Azurite;
let container: ContainerClient;
beforeAll(async () => {
  azurite = await startAzurite();
  container = await azurite.makeContainer('exports');
});
afterAll(() => azurite.stop());

const write = (files: Record<string, string | Uint8Array>, params: DataRecord = {}) => {
  const { accountName, accountKey, endpoint } = azurite;
  return runComponent(writer, { params: { accountName, accountKey, endpoint, container: 'exports', ...params }, files });
};
const contentOf = (name: string) => container.getBlobClient(name).downloadToBuffer();

test('files become blobs under the prefix of the day, and replace those of the same name', async () => {
  const bytes = randomBytes(20_000_001);
  const params = { blobPrefix: `daily/\${now:yyyy-MM-dd}/` };
  await write({ 'a.csv': 'a longer first version' }, params);
  const run = await write({ 'a.csv': 'second', 'big.bin': bytes }, params);
  expect(String(await contentOf('daily/2024-02-29/a.csv'))).toBe('second');
  expect((await contentOf('daily/2024-02-29/big.bin')).equals(bytes)).toBe(true);
  expect(run.unreleased).toBe(0);
  expect(run.log.map(({ message }) => message)).toContain('daily/2024-02-29/a.csv stands in the container exports, 6 bytes.');
});

test('a failure stops the files behind it', async () => {
  const failed = await write({ 'one.csv': '1', '../two.csv': '2', 'three.csv': '3' }, { blobPrefix: 'order/' }).catch((thrown) => thrown);
  expect(failed).toMatchObject({ code: errorCodes.invalidParameter });
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix: 'order/' })) names.push(name);
  expect(names).toEqual(['order/one.csv']);
});

test('its connection can be tried without leaving anything', async () => {
  const { accountName, accountKey, endpoint } = azurite;
  const params = writer.params.parse({ accountName, accountKey, endpoint, container: 'exports', blobPrefix: 'try/' });
  const connection = await writer.connect?.(params, fakeContext());
  expect(await connection?.test()).toContain('can be written to');
  await connection?.[Symbol.asyncDispose]();
  for await (const { name } of container.listBlobsFlat({ prefix: 'try/' })) expect(name).toBe('nothing');
});
