import type { Schedule } from '@idsync/prisma/types';
import { findDataflow } from '../dataflows/find-dataflow.ts';
import { whyNoRun } from '../jobs/run-dataflow.ts';
import { newId } from '../new-id.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { requireRole, type SignedInUser } from '../users/roles.ts';
import { findSchedule } from './find-schedule.ts';
import { type FrequencyType, timeAfter } from './next-time.ts';
import type { ScheduleInput } from './schedule-input.ts';

/** The schedule of the request with its first time read; undefined time means now. */
export type ScheduleOrder = Omit<ScheduleInput, 'nextJobStartTime'> & { startTime: Date | undefined };

/** Stores a new schedule of the site; one whose time has passed, or that has none, is due at once. */
export async function createSchedule(
  services: Services,
  user: SignedInUser,
  { apiKey, order }: { apiKey: string; order: ScheduleOrder },
): Promise<string> {
  await checkOrder(services, user, { apiKey, order });
  const now = new Date();
  const startTime = order.startTime ?? now;
  const id = newId();
  const nextRunAt = order.frequencyType === 'once' || startTime > now ? startTime : now;
  await services.prisma.schedule.create({ data: { ...columnsOf(order, user, now), id, apiKey, startTime, nextRunAt } });
  return id;
}

/**
 * Replaces a schedule. The same first or next time as stored leaves the next time as it is; another one is where it begins anew.
 */
export async function setSchedule(
  services: Services,
  user: SignedInUser,
  { apiKey, id, order }: { apiKey: string; id: string; order: ScheduleOrder },
): Promise<void> {
  const stored = await findSchedule(services, { apiKey, id });
  await checkOrder(services, user, { apiKey, order });
  const now = new Date();
  await services.prisma.schedule.update({ where: { id }, data: { ...columnsOf(order, user, now), ...timesOf(stored, order, now) } });
}

function timesOf(stored: Schedule, order: ScheduleOrder, now: Date): { startTime: Date; nextRunAt: Date | null } {
  const { startTime } = order;
  const shown = stored.nextRunAt ?? stored.startTime;
  const sameTime = startTime === undefined || [shown, stored.startTime].some((time) => time.getTime() === startTime.getTime());
  if (!sameTime) return { startTime, nextRunAt: startTime > now || order.frequencyType === 'once' ? startTime : now };
  const sameFrequency = order.frequencyType === stored.frequencyType && (order.frequencyInterval ?? null) === stored.frequencyInterval;
  const resumed = order.enabled && !stored.enabled;
  if (sameFrequency && !resumed) return { startTime: stored.startTime, nextRunAt: stored.nextRunAt };
  if (order.frequencyType === 'once') return { startTime: shown, nextRunAt: stored.nextRunAt };
  // Times that passed while it was disabled, or had another rhythm, were never meant to be kept.
  const frequency = {
    frequencyType: order.frequencyType,
    frequencyInterval: order.frequencyInterval ?? null,
    startTime: sameFrequency ? stored.startTime : shown,
  };
  return { startTime: frequency.startTime, nextRunAt: timeAfter(frequency, now) ?? null };
}

async function checkOrder(
  services: Services,
  user: SignedInUser,
  { apiKey, order }: { apiKey: string; order: ScheduleOrder },
): Promise<void> {
  requireRole(user, 'operator', 'Scheduling a dataflow');
  const dataflow = await findDataflow(services, order.dataflowId);
  if (dataflow.apiKey !== apiKey) throw new Refusal('not-found', `There is no dataflow ${order.dataflowId}. It may have been removed.`);
  if (order.enabled && dataflow.status !== 'published') throw new Refusal('conflict', whyNoRun(dataflow));
}

function columnsOf({ startTime: _, ...order }: ScheduleOrder, user: SignedInUser, now: Date) {
  const { frequencyType } = order;
  return {
    ...order,
    frequencyInterval: frequencyType === 'once' ? null : (order.frequencyInterval ?? null),
    limit: order.limit ?? null,
    // A time that comes once would be lost for good.
    overlap: order.overlap ?? (frequencyType === 'once' ? 'queue' : 'skip'),
    skippedBecause: null,
    updatedAt: now,
    updatedByName: user.name,
  } satisfies { frequencyType: FrequencyType } & Record<string, unknown>;
}
