import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FatalError } from '#dataflow';
import { fakeContext, runComponent } from '#testing';
import component from './local.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'idsync-read-local-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, { content = name, seconds = 1_700_000_000 } = {}): Promise<void> {
  await writeFile(path.join(folder, name), content);
  await utimes(path.join(folder, name), seconds, seconds);
}

const read = async (params: Record<string, string> = {}, job = {}) => runComponent(component, { params: { path: folder, ...params }, job });
const names = async (...options: Parameters<typeof read>) => (await read(...options)).files.map(({ name }) => name);

test('files come oldest first, equal times by name, or in another order when asked', async () => {
  await put('b.csv', { seconds: 1000 });
  await put('a.csv', { seconds: 2000 });
  await put('c.csv', { seconds: 1000 });
  expect(await names()).toEqual(['b.csv', 'c.csv', 'a.csv']);
  expect(await names({ sortOrder: 'DESC' })).toEqual(['a.csv', 'c.csv', 'b.csv']);
  expect(await names({ sortBy: 'name' })).toEqual(['a.csv', 'b.csv', 'c.csv']);
});

test('the expression must match the whole name, and flags work as in Java', async () => {
  for (const name of ['a.csv', 'a.csv.gz', 'xa.csv', 'A.CSV']) await put(name);
  expect(await names({ fileNameRegex: 'a\\.csv' })).toEqual(['a.csv']);
  expect(await names({ fileNameRegex: '(?i)a.csv', sortBy: 'name' })).toEqual(['A.CSV', 'a.csv']);
});

test('an expression that cannot be read is a fault of the parameters', async () => {
  await expect(read({ fileNameRegex: 'a(' })).rejects.toThrow('not a regular expression');
});

test('only files changed since the last run are read, unless all are pulled', async () => {
  await put('old.csv', { seconds: 1000 });
  await put('new.csv', { seconds: 3000 });
  const changedSince = new Date(2_000_000);
  expect(await names({}, { changedSince, fullExtract: false })).toEqual(['new.csv']);
  expect(await names({}, { changedSince, fullExtract: true })).toEqual(['old.csv', 'new.csv']);
});

test('folders, files under way and hidden files are left out; hidden ones come when asked for', async () => {
  for (const name of ['a.csv', '.hidden', '.b.csv.1234.uploading', 'c.uploading']) await put(name);
  await mkdir(path.join(folder, 'inner.csv'));
  expect(await names()).toEqual(['a.csv']);
  expect(await names({ fileNameRegex: '\\..*' })).toEqual(['.hidden']);
});

test('one file may be named, relative to the current folder', async () => {
  await put('a.csv', { content: 'x'.repeat(600_000) });
  await put('b.csv');
  const { files, total } = await runComponent(component, { params: { path: 'a.csv' }, folder });
  expect(files.map(({ name, bytes }) => [name, bytes.length])).toEqual([['a.csv', 600_000]]);
  expect(total).toBe(1);
});

test('no file is no fault and is told', async () => {
  const { files, log } = await read();
  expect(files).toEqual([]);
  expect(log).toMatchObject([{ level: 'info', message: `0 of 0 files in ${folder} are read: those that match.` }]);
});

test('a folder that does not exist is a fault that says what to do', async () => {
  await expect(read({ path: path.join(folder, 'none') })).rejects.toThrow('cannot be read: it does not exist. Check the path.');
});

test('a link is followed only where access allows, and one that leads nowhere is left out', async () => {
  await put('a.csv');
  await symlink('/etc/hostname', path.join(folder, 'outside'));
  await symlink(path.join(folder, 'gone'), path.join(folder, 'nowhere'));
  expect(await names({ sortBy: 'name' })).toEqual(['a.csv', 'outside']);
  const localPath = (wanted: string) => {
    if (wanted.endsWith('outside')) throw new FatalError('Not allowed.', { code: 'notAllowed' });
    return wanted;
  };
  const ctx = {
    ...fakeContext({ params: { path: folder, sortBy: 'time', sortOrder: 'ASC' } }),
    access: { localPath, address: () => undefined },
  };
  await expect(
    component
      .read(ctx as never)
      [Symbol.asyncIterator]()
      .next(),
  ).rejects.toThrow('Not allowed.');
});

test('a stop ends reading', async () => {
  await put('a.csv', { content: 'x'.repeat(2_000_000) });
  const stop = new AbortController();
  stop.abort();
  await expect(runComponent(component, { params: { path: folder }, signal: stop.signal })).rejects.toThrow('stopped');
});
