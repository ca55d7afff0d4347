import type { JobStatus } from '@idsync/engine/dataflow';
import type { Tone } from '../ui/tone.ts';
import { formatCount } from './format-number.ts';

export interface JobOutcome {
  tone: Tone;
  /** `Succeeded with 12 failed records`: a job that lost records never reads as a clean success. */
  label: string;
  /** `Succeeded, 12 failed`, for one line of a list. */
  brief: string;
  /** The same in one word, for narrow places. */
  short: string;
}

interface JobCounts {
  status: JobStatus;
  failedRecords: number;
  processedRecords?: number;
}

const labels: Record<JobStatus, { tone: Tone; word: string }> = {
  pending: { tone: 'idle', word: 'Waiting' },
  running: { tone: 'run', word: 'Running' },
  succeeded: { tone: 'ok', word: 'Succeeded' },
  failed: { tone: 'fail', word: 'Failed' },
  killed: { tone: 'idle', word: 'Stopped' },
};

/** How a job stands, in a colour and in words. */
export function jobOutcome({ status, failedRecords, processedRecords }: JobCounts): JobOutcome {
  const { tone, word } = labels[status];
  if (failedRecords === 0 || status === 'failed') return { tone, label: word, brief: word, short: word };
  const lost = `${formatCount(failedRecords)} failed ${failedRecords === 1 ? 'record' : 'records'}`;
  const brief = `${word}, ${formatCount(failedRecords)} failed`;
  if (status !== 'succeeded') return { tone, label: `${word}, ${lost}`, brief, short: word };
  if (failedRecords === processedRecords) return allFailed(failedRecords);
  return { tone: 'warn', label: `Succeeded with ${lost}`, brief, short: 'With failures' };
}

/** The engine did its work, but no record got through on the success path: nobody would call that a success. */
function allFailed(count: number): JobOutcome {
  const label = count === 1 ? 'The only record failed' : `All ${formatCount(count)} records failed`;
  return { tone: 'fail', label, brief: label, short: 'All failed' };
}

/** True until the job has reached a state it never leaves. */
export const isActive = (status: JobStatus): boolean => status === 'pending' || status === 'running';

/** True for the names of job states, which may come from an address. */
export const isJobStatus = (value: string): value is JobStatus => Object.hasOwn(labels, value);
