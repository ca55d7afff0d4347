import type { Services } from '../services.ts';
import { storableText } from '../storage/storable.ts';
import type { Role } from '../users/roles.ts';

export interface UserKeyFields {
  userKey: string;
  apiKey: string;
  name: string;
  role: Role;
  /** In clear; stored encrypted. */
  secret?: string | undefined;
  publicKey?: string | undefined;
  createdByName: string;
}

/** Stores a user key, or brings it up to date. */
export async function saveUserKey(
  { prisma, secrets }: Pick<Services, 'prisma' | 'secrets'>,
  { userKey, secret, publicKey, name, ...fields }: UserKeyFields,
): Promise<void> {
  const data = {
    ...fields,
    name: storableText(name),
    secret: secret === undefined ? null : secrets.seal(secret, userKey),
    publicKey: publicKey ?? null,
  };
  await prisma.userKey.upsert({ where: { userKey }, create: { userKey, ...data }, update: data });
}
