import type { Json } from './json.ts';

export type LogLevel = 'error' | 'info' | 'debug';
export type JobStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'killed';

/** The tenant whose account store the Gigya components talk to when a step names no other. */
export interface SiteCredentials {
  apiKey: string;
  userKey: string;
  /** Base64, as the console shows it. */
  secret: string;
  /** Data centre host (`us1.gigya.com`) or, for a stand-in, an origin (`http://127.0.0.1:4010`). */
  apiDomain: string;
}

/** What a step may know about the run it is part of. */
export interface JobInfo {
  id: string;
  dataflowId: string;
  dataflowName: string;
  /** `${now}` of every placeholder, so that all files of one job share it. */
  startTime: Date;
  attemptNumber: number;
  test: boolean;
  /** Readers take only what changed after this instant; undefined takes everything. */
  changedSince: Date | undefined;
  /** "Pull all records": the delta is off, and time marks in `where` work. */
  fullExtract: boolean;
}

/** One line of the job's log. */
export interface TraceLine {
  time: string;
  level: 'ERROR' | 'WARN' | 'INFO' | 'DEBUG';
  /** Step id, or `System` for the engine itself. */
  step: string;
  message: string;
  data?: Json;
}

/** Counts of one step. For file steps `input`/`output` count files; `bytes` what passed through. */
export interface StepMetrics {
  step: string;
  type: string;
  /** Seconds the step itself worked, waiting for neighbours left out; millisecond precision. */
  durationSec: number;
  input: number;
  output: number;
  failed: number;
  filtered: number;
  /** True when `input = failed + filtered + passed on` holds; steps that change granularity (parse, format, scripts that multiply) are balanced by what they declare. */
  balanced: boolean;
}

/** What passed along one arrow. */
export interface ArrowMetrics {
  from: string;
  to: string;
  path: 'next' | 'error';
  count: number;
}

/** Equal errors of one step, grouped as the Errors tab shows them. */
export interface ErrorGroup {
  step: string;
  code: number;
  message: string;
  count: number;
}

/** The whole state of a run at one instant; sent while it runs and once at its end. */
export interface JobSnapshot {
  status: JobStatus;
  processedRecords: number;
  /** Undefined while, or as long as, nobody can know. */
  totalRecords: number | undefined;
  steps: StepMetrics[];
  arrows: ArrowMetrics[];
  errors: ErrorGroup[];
  /** How the job ended, in one or two sentences; undefined while it runs. */
  outcome?: string;
}
