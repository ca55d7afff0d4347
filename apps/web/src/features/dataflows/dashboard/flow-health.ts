import type { DataflowRow } from '../../../lib/api.ts';
import { countOf } from '../../../lib/format-number.ts';
import { isActive } from '../../../lib/job-outcome.ts';
import type { Tone } from '../../../ui/tone.ts';

export type HealthKind = 'running' | 'failing' | 'losing' | 'draft' | 'stopped' | 'healthy' | 'never';

export interface FlowHealth {
  kind: HealthKind;
  tone: Tone;
  label: string;
  detail?: string;
}

type HealthFacts = Pick<DataflowRow, 'status' | 'recentJobs'>;

/** How many of the newest finished runs failed in a row. */
export function failingStreak(jobs: readonly { status: string }[]): number {
  const finished = jobs.filter((job) => job.status === 'succeeded' || job.status === 'failed');
  const lastGood = finished.findLastIndex((job) => job.status === 'succeeded');
  return finished.length - 1 - lastGood;
}

/** Whether a flow does its work, from its last runs (newest last). */
export function flowHealth({ status, recentJobs }: HealthFacts): FlowHealth {
  const last = recentJobs.at(-1);
  if (last && isActive(last.status)) {
    return { kind: 'running', tone: 'run', label: last.status === 'running' ? 'Running' : 'Waiting to start' };
  }
  if (status === 'draft') return { kind: 'draft', tone: 'idle', label: 'Draft', detail: 'not ready to run' };
  if (!last) return { kind: 'never', tone: 'idle', label: 'Never run' };
  const streak = failingStreak(recentJobs);
  if (streak > 1) return { kind: 'failing', tone: 'fail', label: 'Failing', detail: `${countOf(streak, 'run')} in a row` };
  if (last.status === 'failed') return { kind: 'failing', tone: 'fail', label: 'Last run failed' };
  if (last.status === 'killed') return { kind: 'stopped', tone: 'idle', label: 'Last run stopped' };
  if (last.failedRecords > 0) {
    return { kind: 'losing', tone: 'warn', label: 'Losing records', detail: `${countOf(last.failedRecords, 'record')} failed` };
  }
  return { kind: 'healthy', tone: 'ok', label: 'Healthy' };
}
