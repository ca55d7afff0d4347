import { createHash, randomBytes } from 'node:crypto';
import { type GcsServer, startGcs } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import reader from '../read/googlecloud.ts';
import writer from './googlecloud.ts';

let server: GcsServer;
beforeAll(async () => {
  server = await startGcs({ buckets: ['bucket'] });
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

const cards = () => ({
  bucketName: 'bucket',
  endpoint: server.url,
  oauthEndpoint: server.tokenUrl,
  ...server.credentials('objectUser'),
});
const write = (files: Record<string, string | Uint8Array>, params: DataRecord = {}) =>
  runComponent(writer, { params: { ...cards(), ...params }, files });
const stored = () => (server.state().buckets as { bucket: string[] }).bucket;
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

describe('writing files to Google Cloud Storage', () => {
  test('20 MB arrive unchanged and come back unchanged', async () => {
    const bytes = randomBytes(20_000_001);
    const run = await write({ 'big.bin': bytes }, { objectKeyPrefix: 'out/' });
    expect(run.unreleased).toBe(0);
    expect(run.log.map(({ message }) => message)).toContain('big.bin stands in bucket as out/big.bin, 20000001 bytes.');
    const back = await runComponent(reader, { params: { ...cards(), objectKeyPrefix: 'out/' } });
    expect(back.files.map((file) => [file.name, sha256(file.bytes)])).toEqual([['big.bin', sha256(bytes)]]);
  });

  test('the folder may hold placeholders and lack its slash, the name may hold folders, and an object of the same name is replaced', async () => {
    const params = { objectKeyPrefix: `/daily/\${now:yyyy-MM-dd}` };
    await write({ 'a.csv': 'a longer first version' }, params);
    await write({ 'a.csv': 'second', 'success/b.csv': '' }, params);
    expect(stored()).toEqual(['daily/2024-02-29/a.csv', 'daily/2024-02-29/success/b.csv']);
    const back = await runComponent(reader, { params: { ...cards(), objectKeyPrefix: 'daily/2024-02-29/a' } });
    expect(back.files.map(({ text }) => text)).toEqual(['second']);
  });

  test('files go up in the order they come, and the first that fails ends the step and leaves nothing under its name', async () => {
    server.faults.set({ path: 'uploadType=multipart', method: 'POST', status: 403, body: '{}', after: 1, times: 1 });
    const files = { '1.csv': 'one', '2.csv': 'two', '3.csv': 'three' };
    const failed = await write(files, { objectKeyPrefix: 'row/' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.notAllowed });
    expect(stored()).toEqual(['row/1.csv']);
  });

  test('a name that would climb out of the folder is refused', async () => {
    await expect(write({ '../a.csv': 'x' }, { objectKeyPrefix: 'refused/' })).rejects.toThrow(/has a part \. or \.\./);
    expect(stored()).toEqual([]);
  });

  test('its connection can be tried without leaving anything', async () => {
    const params = writer.params.parse({ ...cards(), objectKeyPrefix: `try/\${now:yyyy}/` });
    const connection = await writer.connect?.(params, fakeContext());
    expect(await connection?.test()).toContain('Files can be written to gs://bucket');
    await connection?.[Symbol.asyncDispose]();
    expect([stored(), server.unfinished()]).toEqual([[], []]);
  });
});
