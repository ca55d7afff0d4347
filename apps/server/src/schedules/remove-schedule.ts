import type { Services } from '../services.ts';
import { findSchedule } from './find-schedule.ts';

/** Removes a schedule; its jobs go on and still tell of it. */
export async function removeSchedule(services: Services, { apiKey, id }: { apiKey: string; id: string }): Promise<void> {
  await findSchedule(services, { apiKey, id });
  await services.prisma.schedule.update({ where: { id }, data: { removedAt: new Date(), nextRunAt: null } });
}
