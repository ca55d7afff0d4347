import type { JobStatus } from '@idsync/engine/dataflow';
import type { Tone } from '../ui/tone.ts';
import { formatCount } from './format-number.ts';

export interface JobOutcome {
  tone: Tone;
  /** `Succeeded with 12 failed records`: a job that lost records never reads as a clean success. */
  label: string;
  /** The same in one word, for narrow places. */
  short: string;
}

interface JobCounts {
  status: JobStatus;
  failedRecords: number;
}

const labels: Record<JobStatus, { tone: Tone; word: string }> = {
  pending: { tone: 'idle', word: 'Waiting' },
  running: { tone: 'run', word: 'Running' },
  succeeded: { tone: 'ok', word: 'Succeeded' },
  failed: { tone: 'fail', word: 'Failed' },
  killed: { tone: 'idle', word: 'Stopped' },
};

/** How a job stands, in a colour and in words. */
export function jobOutcome({ status, failedRecords }: JobCounts): JobOutcome {
  const { tone, word } = labels[status];
  if (failedRecords === 0 || status === 'failed') return { tone, label: word, short: word };
  const lost = `${formatCount(failedRecords)} failed ${failedRecords === 1 ? 'record' : 'records'}`;
  if (status === 'succeeded') return { tone: 'warn', label: `Succeeded with ${lost}`, short: 'With failures' };
  return { tone, label: `${word}, ${lost}`, short: word };
}

/** True until the job has reached a state it never leaves. */
export const isActive = (status: JobStatus): boolean => status === 'pending' || status === 'running';

/** True for the names of job states, which may come from an address. */
export const isJobStatus = (value: string): value is JobStatus => Object.hasOwn(labels, value);
