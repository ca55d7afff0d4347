import path from 'node:path';
import {
  copyRecord,
  type DataRecord,
  errorCodes,
  errorText,
  fillPlaceholders,
  isStudioError,
  type JobInfo,
  type SiteCredentials,
  type StepContext,
  type StepLog,
} from '#dataflow';

/** One line a component wrote to the trace. */
export interface LogEntry {
  level: 'error' | 'warn' | 'info' | 'debug';
  message: string;
  data: unknown[];
}

export interface FakeContextOptions {
  params?: unknown;
  job?: Partial<JobInfo>;
  site?: SiteCredentials;
  signal?: AbortSignal;
  /** Where `access.localPath` looks for relative paths. */
  folder?: string;
  spoolFolder?: string;
  /** Collects what the component logs. */
  log?: LogEntry[];
  /** Collects what the component rejects, with `_errorDetails`. */
  rejected?: DataRecord[];
  onTotal?: (total: number) => void;
}

/** A job that began on 2024-02-29 at 12:34:56.789 UTC. */
export const fakeJob: JobInfo = {
  id: '0123456789abcdef0123456789abcdef',
  dataflowId: 'fedcba9876543210fedcba9876543210',
  dataflowName: 'A flow under test',
  startTime: new Date('2024-02-29T12:34:56.789Z'),
  attemptNumber: 1,
  test: false,
  changedSince: undefined,
  fullExtract: true,
};

/** The context of a step without a runtime behind it: everything is allowed, rejected records and log lines are collected. */
export function fakeContext(options: FakeContextOptions = {}): StepContext<Record<string, unknown>, undefined> {
  const { folder = process.cwd(), spoolFolder = folder, log = [], rejected: errors = [], signal = new AbortController().signal } = options;
  const job = { ...fakeJob, ...options.job };
  return {
    step: 'step',
    params: (options.params ?? {}) as Record<string, unknown>,
    connection: undefined,
    job,
    site: options.site,
    access: { localPath: (wanted) => path.resolve(folder, wanted), address: () => {} },
    signal,
    log: logInto(log),
    spoolFolder,
    reject: (record, error) => errors.push(rejected(record, error)),
    expect: options.onTotal ?? (() => {}),
    fill: (text) => fillPlaceholders(text, { now: job.startTime, jobId: job.id, apiKey: options.site?.apiKey ?? '' }),
  };
}

/** A record as it goes on by the error path; one that tells its error already, as scripts may, stays as it is. */
export function rejected(record: DataRecord, error: unknown): DataRecord {
  if (record._errorDetails !== undefined) return copyRecord(record);
  const errorCode = isStudioError(error) ? error.code : errorCodes.internal;
  return { ...copyRecord(record), _errorDetails: { errorCode, errorMessage: errorText(error) } };
}

function logInto(log: LogEntry[]): StepLog {
  const at =
    (level: LogEntry['level']) =>
    (message: string, ...data: unknown[]) =>
      void log.push({ level, message, data });
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}
