import type { Schedule } from '@idsync/prisma/types';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

/** The row of a site's schedule that was not removed. */
export async function findSchedule(
  { prisma }: Pick<Services, 'prisma'>,
  { apiKey, id }: { apiKey: string; id: string },
): Promise<Schedule> {
  const row = await prisma.schedule.findFirst({ where: { id, apiKey, removedAt: null } });
  if (!row) throw new Refusal('not-found', `There is no schedule ${id}. It may have been removed.`);
  return row;
}
