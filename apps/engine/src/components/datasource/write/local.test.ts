import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeContext, runComponent } from '#testing';
import component from './local.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'idsync-write-local-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const target = (name: string) => path.join(folder, name);

async function write(name: string, chunks: () => AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
  const ctx = fakeContext({ params: { path: folder }, ...(signal && { signal }) });
  await component.write({ name, read: chunks }, ctx as never);
}

test('a file stands under its name, in a folder that is made', async () => {
  const content = 'é'.repeat(300_000);
  const { log } = await runComponent(component, {
    params: { path: 'out/$\u007bjobId}' },
    folder,
    files: { 'a.csv': content, 'empty.csv': '' },
  });
  const made = target('out/0123456789abcdef0123456789abcdef');
  expect((await readdir(made)).sort()).toEqual(['a.csv', 'empty.csv']);
  expect(await readFile(path.join(made, 'a.csv'), 'utf8')).toBe(content);
  expect(log.map(({ message }) => message)).toEqual([`a.csv stands in ${made}, 600000 bytes.`, `empty.csv stands in ${made}, 0 bytes.`]);
});

test('while a file is written nothing stands under its name', async () => {
  await write('a.csv', async function* () {
    yield Buffer.from('1');
    const [name = ''] = await readdir(folder);
    expect(name).toMatch(/^\.a\.csv\..*\.uploading$/);
    yield Buffer.from('2');
  });
  expect(await readdir(folder)).toEqual(['a.csv']);
  expect(await readFile(target('a.csv'), 'utf8')).toBe('12');
});

test('a file of the same name is replaced when the new one is complete', async () => {
  await writeFile(target('a.csv'), 'old');
  const broken = write('a.csv', async function* () {
    yield Buffer.from('new');
    throw new Error('The origin broke.');
  });
  await expect(broken).rejects.toThrow('The origin broke.');
  expect(await readdir(folder)).toEqual(['a.csv']);
  expect(await readFile(target('a.csv'), 'utf8')).toBe('old');
  await write('a.csv', async function* () {
    yield Buffer.from('new');
  });
  expect(await readFile(target('a.csv'), 'utf8')).toBe('new');
});

test('a stop leaves nothing', async () => {
  const stop = new AbortController();
  const stopped = write(
    'a.csv',
    async function* () {
      yield Buffer.from('1');
      stop.abort();
      yield Buffer.from('2');
    },
    stop.signal,
  );
  await expect(stopped).rejects.toThrow('stopped');
  expect(await readdir(folder)).toEqual([]);
});

test.each(['../a.csv', '/etc/a.csv', 'b/a.csv', 'b\\a.csv', '..', '.', '', 'a\0b'])(
  'the name %j is refused before anything is written',
  async (name) => {
    await expect(write(name, async function* () {})).rejects.toThrow('is no plain name');
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a folder that cannot be made is a fault that says why', async () => {
  await writeFile(target('file'), '');
  await expect(runComponent(component, { params: { path: 'file/inner' }, folder, files: { 'a.csv': 'x' } })).rejects.toThrow(
    'cannot be written: part of its path is a file',
  );
});
