import { mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface SpoolFolder extends AsyncDisposable {
  path: string;
}

/**
 * A folder of its own for what one attempt of a job puts aside, gone with everything in it when the attempt is over. What earlier
 * attempts could not take away, because they were killed on this machine, goes too.
 */
export async function openSpoolFolder(
  { id, attemptNumber }: { id: string; attemptNumber: number },
  parent = os.tmpdir(),
): Promise<SpoolFolder> {
  const folderOf = (attempt: number) => path.join(parent, `idsync-job-${id}-${attempt}`);
  const remove = (attempt: number) => rm(folderOf(attempt), { recursive: true, force: true });
  for (let attempt = 1; attempt <= attemptNumber; attempt++) await remove(attempt);
  await mkdir(folderOf(attemptNumber), { mode: 0o700 });
  return { path: folderOf(attemptNumber), [Symbol.asyncDispose]: () => remove(attemptNumber) };
}
