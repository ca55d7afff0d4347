import { shiftTime } from '@idsync/engine/dataflow';

export const frequencyTypes = ['once', 'minute', 'hour', 'day', 'week', 'month'] as const;
export type FrequencyType = (typeof frequencyTypes)[number];

export interface Frequency {
  frequencyType: FrequencyType;
  /** Number of units between two times; without meaning for `once`. */
  frequencyInterval: number | null;
  /** The first time; all others are counted from here. */
  startTime: Date;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/**
 * The first time after `after`; undefined when none follows. All in UTC, so no clock change moves or doubles a time. A month that lacks the
 * day of the first time takes its last day, and later months have that day again.
 */
export function timeAfter({ frequencyType, frequencyInterval, startTime }: Frequency, after: Date): Date | undefined {
  if (startTime > after) return startTime;
  if (frequencyType === 'once') return undefined;
  const interval = Math.max(1, frequencyInterval ?? 1);
  if (frequencyType === 'month') return monthAfter(startTime, interval, after);
  const stepMs = interval * unitMs[frequencyType];
  const passed = Math.floor((after.getTime() - startTime.getTime()) / stepMs);
  return new Date(startTime.getTime() + (passed + 1) * stepMs);
}

function monthAfter(startTime: Date, interval: number, after: Date): Date {
  const months = (after.getUTCFullYear() - startTime.getUTCFullYear()) * 12 + after.getUTCMonth() - startTime.getUTCMonth();
  let count = Math.floor(months / interval) * interval;
  let time = shiftTime(startTime, count, 'M');
  while (time <= after) {
    count += interval;
    time = shiftTime(startTime, count, 'M');
  }
  return time;
}
