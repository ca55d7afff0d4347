import type { Auth } from './auth.ts';
import type { Role } from './roles.ts';

/** Makes a user who signs in with this password. Rejects when the address is taken. */
export async function createUser(
  auth: Auth,
  { email, name, password, role }: { email: string; name: string; password: string; role: Role },
): Promise<string> {
  const context = await auth.$context;
  const user = await context.internalAdapter.createUser(
    { email: email.toLowerCase(), name, role, emailVerified: true },
    { method: 'admin' },
  );
  await context.internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: 'credential',
    password: await context.password.hash(password),
  });
  return user.id;
}
