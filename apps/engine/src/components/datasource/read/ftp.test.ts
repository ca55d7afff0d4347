import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes } from '#dataflow';
import { runComponent } from '#testing';
import { startVsftpd, type Vsftpd, vsftpdMissing } from '#testing/peers/vsftpd.ts';
import reader from './ftp.ts';

const day = (date: string) => new Date(`2024-03-${date}T00:00:00.000Z`);

describe.skipIf(vsftpdMissing)(`reading files from FTP${vsftpdMissing ? ` (skipped: ${vsftpdMissing})` : ''}`, () => {
  let server: Vsftpd;
  beforeAll(async () => {
    server = await startVsftpd({ security: 'explicit' });
    mkdirSync(path.join(server.folder, 'inbox', 'folder.csv'), { recursive: true });
    chmodSync(path.join(server.folder, 'inbox'), 0o755);
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
  afterAll(() => server.stop());

  const read = (params: DataRecord, options: Parameters<typeof runComponent>[1] = {}) =>
    runComponent(reader, {
      ...options,
      params: {
        host: server.host,
        port: String(server.port),
        username: server.username,
        password: server.password,
        security: 'explicit',
        certificateAuthority: Buffer.from(server.certificate).toString('base64'),
        remotePath: 'inbox',
        ...params,
      },
    });
  const namesOf = (run: { files: { name: string }[] }) => run.files.map(({ name }) => name);

  test('gives the complete files of the folder, oldest first, with their content and their number', async () => {
    const run = await read({});
    expect(namesOf(run)).toEqual(['b.csv', 'c.csv', 'a.csv', 'a.csv.old']);
    expect(run.files[0]?.text).toBe('content of b.csv');
    expect(run.total).toBe(4);
    expect(run.positions[0]).toEqual({ name: 'b.csv', modifiedMs: day('01').getTime() });
  });

  test('takes names that match the expression as a whole, sorted by time or name, either way', async () => {
    expect(namesOf(await read({ fileNameRegex: 'a.csv' }))).toEqual(['a.csv']);
    const params = { fileNameRegex: '.*\\.csv', sortBy: 'name' };
    expect(namesOf(await read(params))).toEqual(['a.csv', 'b.csv', 'c.csv']);
    expect(namesOf(await read({ ...params, sortOrder: 'DESC' }))).toEqual(['c.csv', 'b.csv', 'a.csv']);
  });

  test('takes only files changed since the last run, unless the job pulls all', async () => {
    const changedSince = day('03');
    expect(namesOf(await read({}, { job: { changedSince, fullExtract: false } }))).toEqual(['a.csv', 'a.csv.old']);
    expect(namesOf(await read({}, { job: { changedSince, fullExtract: true } }))).toHaveLength(4);
  });

  test('a folder that does not exist fails the job', async () => {
    await expect(read({ remotePath: '/no-such' })).rejects.toMatchObject({ code: errorCodes.notFound });
  });

  test.each([
    ['host', { host: null }],
    ['username', { username: null }],
    ['security', { security: 'tls' }],
    ['fileNameRegex', { fileNameRegex: '(' }],
    ['timeout', { timeout: 5 }],
    ['port', { port: 70_000 }],
    ['certificateAuthority', { certificateAuthority: 'bm8gY2VydGlmaWNhdGU=' }],
    ['certificateSha256', { certificateSha256: 'ab:cd' }],
  ])('a wrong %s is told by its name before anything is connected', async (field, params) => {
    await expect(read(params)).rejects.toThrow(field);
  });
});
