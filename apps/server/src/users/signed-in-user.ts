import type { IncomingHttpHeaders } from 'node:http';
import { fromNodeHeaders } from 'better-auth/node';
import type { Auth } from './auth.ts';
import { isRole, type SignedInUser } from './roles.ts';

/** Whose session a request carries. */
export async function signedInUser(auth: Auth, headers: IncomingHttpHeaders): Promise<SignedInUser | undefined> {
  const found = await auth.api.getSession({ headers: fromNodeHeaders(headers) });
  if (!found || !isRole(found.user.role)) return undefined;
  const { id, name, email, role } = found.user;
  return { id, name, email, role };
}
