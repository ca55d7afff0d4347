import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

/** Programs that use the key are refused from now on. */
export async function removeUserKey({ prisma }: Pick<Services, 'prisma'>, userKey: string): Promise<void> {
  const { count } = await prisma.userKey.deleteMany({ where: { userKey } });
  if (count === 0) throw new Refusal('not-found', `There is no user key ${userKey}.`);
}
