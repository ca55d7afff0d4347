import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openSpoolFolder } from './spool-folder.ts';

it('takes away what an attempt put aside, and what killed ones before it left', async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'idsync-spool-test-'));
  const killed = await openSpoolFolder({ id: 'job', attemptNumber: 1 }, parent);
  await writeFile(path.join(killed.path, 'records'), 'of people');
  const other = await openSpoolFolder({ id: 'other', attemptNumber: 1 }, parent);
  {
    await using second = await openSpoolFolder({ id: 'job', attemptNumber: 2 }, parent);
    await writeFile(path.join(second.path, 'records'), 'of people');
    expect((await stat(second.path)).mode & 0o777).toBe(0o700);
    expect((await readdir(parent)).toSorted()).toEqual([path.basename(second.path), path.basename(other.path)].toSorted());
  }
  expect(await readdir(parent)).toEqual([path.basename(other.path)]);
  await rm(parent, { recursive: true });
});
