import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, type StepContext } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import { startVsftpd, type Vsftpd, vsftpdMissing } from '#testing/peers/vsftpd.ts';
import writer from './ftp.ts';

describe.skipIf(vsftpdMissing)(`writing files to FTP${vsftpdMissing ? ` (skipped: ${vsftpdMissing})` : ''}`, () => {
  let server: Vsftpd;
  beforeAll(async () => {
    server = await startVsftpd({ security: 'implicit' });
  });
  afterAll(() => server.stop());

  const login = () => ({
    host: server.host,
    port: server.port,
    username: server.username,
    password: server.password,
    security: 'implicit',
    certificateSha256: server.certificateSha256,
  });
  const write = (files: Record<string, string | Uint8Array>, params: DataRecord = {}) =>
    runComponent(writer, { params: { ...login(), ...params }, files });
  const onServer = (...parts: string[]) => path.join(server.folder, ...parts);

  test('files arrive unchanged in the folder of the day, and replace those of the same name', async () => {
    const bytes = randomBytes(3_000_001);
    const params = { remotePath: `daily/\${now:yyyy-MM-dd}/` };
    await write({ 'a.csv': 'a longer first version' }, params);
    const run = await write({ 'a.csv': 'second', 'b.csv': '', 'big.bin': bytes }, params);
    expect(readFileSync(onServer('daily', '2024-02-29', 'a.csv'), 'utf8')).toBe('second');
    expect(readFileSync(onServer('daily', '2024-02-29', 'big.bin')).equals(bytes)).toBe(true);
    expect(readdirSync(onServer('daily', '2024-02-29')).sort()).toEqual(['a.csv', 'b.csv', 'big.bin']);
    expect(run.unreleased).toBe(0);
  });

  test.each([
    ['false', /^\.slow\.csv\.[0-9a-f]{32}\.uploading$/],
    ['true', /^slow\.csv\.uploading$/],
  ])('while it is uploaded (temporaryUploadExtension %s) the file has another name', async (text, expected) => {
    const folder = `slow-${text}`;
    const params = writer.params.parse({ ...login(), remotePath: folder, temporaryUploadExtension: text === 'true' });
    const ctx = { ...fakeContext(), params } as unknown as StepContext<typeof params>;
    const connection = await writer.connect?.(params, ctx);
    if (!connection) throw new Error('The writer connects to nothing.');
    const seen = new Set<string>();
    const file = {
      name: 'slow.csv',
      read: async function* () {
        for (let count = 0; count < 40; count++) {
          yield Buffer.alloc(100_000, 'x');
          for (const name of readdirSync(onServer(folder))) seen.add(name);
        }
      },
    };
    await writer.write(file, { ...ctx, connection });
    await connection[Symbol.asyncDispose]();
    expect([...seen]).toEqual([expect.stringMatching(expected)]);
    expect(readdirSync(onServer(folder))).toEqual(['slow.csv']);
  });

  test('a failure stops the files behind it', async () => {
    const failed = await write({ 'one.csv': '1', '../two.csv': '2', 'three.csv': '3' }, { remotePath: 'order' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.invalidParameter });
    expect(readdirSync(onServer('order'))).toEqual(['one.csv']);
  });
});
