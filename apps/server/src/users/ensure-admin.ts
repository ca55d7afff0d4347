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
 * by its owner only. Resolves to the password as long as it still opens the account, so that the start can print it.
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
  if ((await prisma.user.count()) > 0) return known !== undefined && (await opensAdmin(auth, known)) ? known : undefined;
  const password = known ?? randomBytes(12).toString('base64url');
  if (env.adminPassword === undefined) await writeFile(file, `${password}\n`, { mode: 0o600 });
  await createUser(auth, { email: ADMIN_EMAIL, name: 'Administrator', password, role: 'admin' });
  return password;
}

/** False once the administrator has another password, or another address. */
async function opensAdmin(auth: Auth, password: string): Promise<boolean> {
  const context = await auth.$context;
  const found = await context.internalAdapter.findUserByEmail(ADMIN_EMAIL, { includeAccounts: true });
  const hash = found?.accounts.find((account) => account.providerId === 'credential')?.password;
  return typeof hash === 'string' && context.password.verify({ hash, password });
}
