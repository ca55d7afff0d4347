import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SftpServer, startSftp } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, type StepContext } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import reader from '../read/sftp.ts';
import writer from './sftp.ts';

let server: SftpServer;
const base = mkdtempSync(path.join(tmpdir(), 'idsync-write-sftp-'));

beforeAll(async () => {
  server = await startSftp({ folder: path.join(base, 'files'), users: [{ username: 'demo', password: 'right' }] });
});
afterEach(() => server.faults.clear());
afterAll(async () => {
  await server.stop();
  rmSync(base, { recursive: true });
});

const login = () => ({ host: server.host, port: server.port, username: 'demo', password: 'right' });
const write = (files: Record<string, string | Uint8Array>, params: DataRecord = {}) =>
  runComponent(writer, { params: { ...login(), ...params }, files });
const onServer = (...parts: string[]) => path.join(server.folder, ...parts);

describe('writing files to SFTP', () => {
  test('6 MB arrive unchanged and come back unchanged', async () => {
    const bytes = randomBytes(6_000_001);
    const run = await write({ 'big.bin': bytes }, { remotePath: '/out' });
    expect(readFileSync(onServer('out', 'big.bin')).equals(bytes)).toBe(true);
    expect(run.unreleased).toBe(0);
    const back = await runComponent(reader, { params: { ...login(), remotePath: '/out' } });
    const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
    expect(back.files.map((file) => [file.name, hash(file.bytes)])).toEqual([['big.bin', hash(bytes)]]);
  });

  test('replaces a file of the same name, and makes the folder of the day', async () => {
    const params = { remotePath: `/daily/\${now:yyyy-MM-dd}/` };
    await write({ 'a.csv': 'a longer first version' }, params);
    const run = await write({ 'a.csv': 'second', 'b.csv': '' }, params);
    expect(readFileSync(onServer('daily', '2024-02-29', 'a.csv'), 'utf8')).toBe('second');
    expect(readdirSync(onServer('daily', '2024-02-29')).sort()).toEqual(['a.csv', 'b.csv']);
    expect(run.log.map(({ message }) => message).join()).not.toContain('was missing');
  });

  test.each([
    [false, /^\.slow\.csv\.[0-9a-f]{32}\.uploading$/],
    [true, /^slow\.csv\.uploading$/],
  ])('while it is uploaded (temporaryUploadExtension %s) the file has another name', async (temporaryUploadExtension, expected) => {
    const seen: string[] = [];
    const params = writer.params.parse({ ...login(), remotePath: `/slow-${temporaryUploadExtension}`, temporaryUploadExtension });
    const ctx = { ...fakeContext(), params } as unknown as StepContext<typeof params>;
    const connection = await writer.connect?.(params, ctx);
    if (!connection) throw new Error('The writer connects to nothing.');
    const file = {
      name: 'slow.csv',
      read: async function* () {
        yield Buffer.alloc(100_000, 'x');
        seen.push(...readdirSync(onServer(`slow-${temporaryUploadExtension}`)));
        yield Buffer.alloc(100_000, 'y');
      },
    };
    await writer.write(file, { ...ctx, connection });
    await connection[Symbol.asyncDispose]();
    expect(seen).toEqual([expect.stringMatching(expected)]);
    expect(readdirSync(onServer(`slow-${temporaryUploadExtension}`))).toEqual(['slow.csv']);
  });

  test('a server that dies during the upload leaves nothing under the final name and is told with host, user, port and cause', async () => {
    server.faults.set({ cutAfterBytes: 1_000_000 });
    const failed = await write({ 'torn.bin': randomBytes(5_000_000) }, { remotePath: '/torn' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.connectionFailed, details: { host: server.host, user: 'demo', port: server.port } });
    expect(String(failed)).toMatch(
      /error = connection lost, cause = .+, host = 127\.0\.0\.1, user = demo, port = \d+, Timeout\(ms\) = 60000/,
    );
    expect(existsSync(onServer('torn', 'torn.bin'))).toBe(false);
  });

  test('a full disk fails the job and leaves no file behind', async () => {
    server.faults.set({ diskFullAfterBytes: 500_000 });
    const failed = await write({ 'full.bin': randomBytes(2_000_000) }, { remotePath: '/full' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.targetRefused });
    expect(String(failed)).toMatch(/Writing .* refused by the server, cause = .*space/i);
    expect(readdirSync(onServer('full'))).toEqual([]);
  });

  test('its connection can be tried without writing anything', async () => {
    const params = writer.params.parse({ ...login(), remotePath: `/try-\${now:yyyy}` });
    const connection = await writer.connect?.(params, fakeContext());
    expect(await connection?.test()).toContain('the folder /try-2024 is missing and will be made');
    await connection?.[Symbol.asyncDispose]();
  });
});
