import { createPublicKey, randomBytes } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import type { Role, SignedInUser } from '../users/roles.ts';
import { saveUserKey } from './save-user-key.ts';

export interface NewUserKey {
  apiKey: string;
  name: string;
  role: Role;
  /** PEM of an RSA public key, for programs that send bearer tokens; otherwise a secret is made. */
  publicKey?: string | undefined;
}

/** Makes a key for a program. The secret is told this once and never again. */
export async function createUserKey(
  services: Services,
  user: Pick<SignedInUser, 'name'>,
  { apiKey, name, role, publicKey }: NewUserKey,
): Promise<{ userKey: string; secret?: string }> {
  const site = await services.prisma.site.findUnique({ where: { apiKey }, select: { apiKey: true } });
  if (!site) throw new Refusal('not-found', `There is no site ${apiKey}.`);
  if (publicKey !== undefined) requireRsaKey(publicKey);
  const secret = publicKey === undefined ? randomBytes(24).toString('base64') : undefined;
  const userKey = `A${randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  await saveUserKey(services, { userKey, apiKey, name, role, secret, publicKey, createdByName: user.name });
  return { userKey, ...(secret !== undefined && { secret }) };
}

function requireRsaKey(pem: string): void {
  try {
    if (createPublicKey(pem).asymmetricKeyType === 'rsa') return;
  } catch {
    // told below
  }
  throw new Refusal('bad-request', 'The public key must be an RSA key in PEM form, beginning with "-----BEGIN PUBLIC KEY-----".');
}
