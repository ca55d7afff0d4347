import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SftpServer, startSftp } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { runComponent } from '#testing';
import reader from './sftp.ts';

const day = (date: string) => new Date(`2024-03-${date}T00:00:00.000Z`);

let server: SftpServer;
const base = mkdtempSync(path.join(tmpdir(), 'idsync-read-sftp-'));

beforeAll(async () => {
  server = await startSftp({ folder: path.join(base, 'files'), users: [{ username: 'demo', password: 'right' }] });
  mkdirSync(path.join(server.folder, 'inbox', 'folder.csv'), { recursive: true });
  for (const [name, date] of [
    ['b.csv', '01'],
    ['c.csv', '02'],
    ['a.csv', '03'],
    ['a.csv.old', '04'],
    ['half.csv.uploading', '05'],
  ] as const) {
    const file = path.join(server.folder, 'inbox', name);
    writeFileSync(file, `content of ${name}`);
    utimesSync(file, day(date), day(date));
  }
});
afterAll(async () => {
  await server.stop();
  rmSync(base, { recursive: true });
});

const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
  runComponent(reader, {
    ...options,
    params: { host: server.host, port: server.port, username: 'demo', password: 'right', remotePath: '/inbox', ...params },
  });
const namesOf = (run: { files: { name: string }[] }) => run.files.map(({ name }) => name);

describe('reading files from SFTP', () => {
  test('gives the complete files of the folder, oldest first, with their content and their number', async () => {
    const run = await read({});
    expect(namesOf(run)).toEqual(['b.csv', 'c.csv', 'a.csv', 'a.csv.old']);
    expect(run.files[0]?.text).toBe('content of b.csv');
    expect(run.total).toBe(4);
    expect(run.positions[0]).toEqual({ name: 'b.csv', modifiedMs: day('01').getTime() });
  });

  test('takes names that match the expression as a whole; a plain name works too', async () => {
    expect(namesOf(await read({ fileNameRegex: '.*\\.csv' }))).toEqual(['b.csv', 'c.csv', 'a.csv']);
    expect(namesOf(await read({ fileNameRegex: 'a.csv' }))).toEqual(['a.csv']);
    expect(namesOf(await read({ fileNameRegex: '(?i)A\\.CSV|B\\.csv' }))).toEqual(['b.csv', 'a.csv']);
    expect(namesOf(await read({ fileNameRegex: 'nothing' }))).toEqual([]);
  });

  test('sorts by time or name, either way', async () => {
    const params = { fileNameRegex: '.*\\.csv' };
    expect(namesOf(await read({ ...params, sortBy: 'name' }))).toEqual(['a.csv', 'b.csv', 'c.csv']);
    expect(namesOf(await read({ ...params, sortBy: 'name', sortOrder: 'DESC' }))).toEqual(['c.csv', 'b.csv', 'a.csv']);
    expect(namesOf(await read({ ...params, sortOrder: 'DESC' }))).toEqual(['a.csv', 'c.csv', 'b.csv']);
  });

  test('takes only files changed since the last run, unless the job pulls all', async () => {
    const changedSince = day('03');
    expect(namesOf(await read({}, { job: { changedSince, fullExtract: false } }))).toEqual(['a.csv', 'a.csv.old']);
    expect(namesOf(await read({}, { job: { changedSince, fullExtract: true } }))).toHaveLength(4);
    expect(namesOf(await read({}, { job: { changedSince: undefined, fullExtract: false } }))).toHaveLength(4);
  });

  test('a folder that does not exist fails the job with its name, host, user and port', async () => {
    const failed = await read({ remotePath: '/no-such' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.notFound, details: { host: server.host, user: 'demo', port: server.port } });
    expect(String(failed)).toContain('Listing the folder /no-such failed');
  });

  test('a wrong password fails the job and appears nowhere', async () => {
    const failed = await read({ password: 'not-the-password' }).catch((thrown) => thrown);
    expect(failed).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(JSON.stringify(failed) + String(failed)).not.toContain('not-the-password');
  });

  test('without password and key, and with an expression that is none, the parameters are refused', async () => {
    await expect(read({ password: null })).rejects.toThrow(/password/);
    await expect(read({ fileNameRegex: '(' })).rejects.toThrow(/not a regular expression/);
    await expect(read({ timeout: 5 })).rejects.toThrow(/timeout/);
  });
});
