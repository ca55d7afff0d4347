import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The account the database runs under when ours may not be used. */
export interface Account {
  uid: number;
  gid: number;
}

const NOBODY = 65534;

/** `nobody` for root, because PostgreSQL refuses root and its initdb wants an account that the system knows. */
export const postgresAccount = (): Account | undefined => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined);

/** Throws when the account cannot pass a folder on the way down to one of `targets`. */
export function checkPassable(targets: readonly string[]): void {
  for (const target of targets) {
    for (let folder = path.resolve(target); folder !== path.dirname(folder); folder = path.dirname(folder)) {
      const { mode, uid } = statSync(folder);
      if ((mode & 0o001) === 0 && uid !== NOBODY) {
        throw new Error(
          `The embedded database runs as "nobody" because this is root, and "nobody" may not enter ${folder}. ` +
            `Run "chmod o+x ${folder}", start as another user, set IDSYNC_DATA to another folder, or set DATABASE_URL to a PostgreSQL of your own.`,
        );
      }
    }
  }
}

/** Runs one of PostgreSQL's programs. Output other than errors is dropped, so that no pipe outlives it in the server's hands. */
export async function runTool(
  program: string,
  args: readonly string[],
  account: Account | undefined,
): Promise<{ code: number; errors: string }> {
  const captures = !args.includes('start');
  const child = spawn(program, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', captures ? 'pipe' : 'ignore'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const code = await new Promise<number>((resolve, reject) => child.once('error', reject).once('close', (ended) => resolve(ended ?? 1)));
  return { code, errors };
}

interface ClusterSettings {
  initdb: string;
  data: string;
  user: string;
  password: string;
  account: Account | undefined;
}

/** Makes the cluster beside its place and renames it, so that of two starters none sees half of one. */
export async function makeCluster({ initdb, data, user, password, account }: ClusterSettings): Promise<void> {
  const draft = `${data}.${randomUUID()}`;
  const passwordFile = `${draft}.password`;
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) for (const file of [draft, passwordFile]) chownSync(file, account.uid, account.gid);
  const args = ['-D', draft, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C'];
  const { code, errors } = await runTool(initdb, args, account);
  await rm(passwordFile);
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(`The embedded database could not be set up in ${data}: ${errors.trim()}`);
  }
  await rename(draft, data).catch(() => rm(draft, { recursive: true, force: true }));
}

/** The last lines of a log. */
export const readTail = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8').catch(() => '(no log)')).trim().split('\n').slice(-8).join('\n');
