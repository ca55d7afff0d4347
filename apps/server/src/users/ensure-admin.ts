import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '../env.ts';
import type { Services } from '../services.ts';
import type { Auth } from './auth.ts';
import { createUser } from './create-user.ts';

export const ADMIN_EMAIL = 'admin@example.com';

/**
 * Makes the first administrator. Its password is the one the operator set, else a random one kept in the data folder, readable
 * by its owner only. Resolves to the password as long as the file is there, so that the start can print it.
 */
export async function ensureAdmin({
  prisma,
  auth,
  env,
}: Pick<Services, 'prisma'> & { auth: Auth; env: Pick<Env, 'adminPassword' | 'dataFolder'> }): Promise<string | undefined> {
  const file = path.join(env.dataFolder, 'admin-password');
  const known =
    env.adminPassword ??
    (await readFile(file, 'utf8').then(
      (text) => text.trim(),
      () => undefined,
    ));
  if ((await prisma.user.count()) > 0) return known;
  const password = known ?? randomBytes(12).toString('base64url');
  if (env.adminPassword === undefined) await writeFile(file, `${password}\n`, { mode: 0o600 });
  await createUser(auth, { email: ADMIN_EMAIL, name: 'Administrator', password, role: 'admin' });
  return password;
}
