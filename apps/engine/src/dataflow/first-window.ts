import { shiftTime } from './placeholders.ts';

/** How often a schedule comes back. */
export interface Repetition {
  frequencyType: 'once' | 'minute' | 'hour' | 'day' | 'week' | 'month';
  frequencyInterval: number;
}

const units = { minute: 'm', hour: 'h', day: 'd', week: 'w', month: 'M' } as const;

/**
 * From when on a run reads that has no earlier one to go by: the last 24 hours when it is run once, one interval when it
 * comes back. Readers reach further back by the delay of what they read from.
 */
export function firstWindowStart(startTime: Date, { frequencyType, frequencyInterval }: Repetition): Date {
  if (frequencyType === 'once') return shiftTime(startTime, -1, 'd');
  return shiftTime(startTime, -Math.max(1, frequencyInterval), units[frequencyType]);
}
