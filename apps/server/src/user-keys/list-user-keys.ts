import type { Services } from '../services.ts';

export interface UserKeyListItem {
  userKey: string;
  name: string;
  role: string;
  /** How it proves itself. */
  signsIn: 'secret' | 'bearer token';
  createTime: string;
  createdByName: string;
}

/** The keys of a site, newest first, without their secrets. */
export async function listUserKeys({ prisma }: Pick<Services, 'prisma'>, apiKey: string): Promise<UserKeyListItem[]> {
  const rows = await prisma.userKey.findMany({ where: { apiKey }, orderBy: { createdAt: 'desc' } });
  return rows.map(({ userKey, name, role, secret, createdAt, createdByName }) => ({
    userKey,
    name,
    role,
    signsIn: secret === null ? 'bearer token' : 'secret',
    createTime: createdAt.toISOString(),
    createdByName,
  }));
}
