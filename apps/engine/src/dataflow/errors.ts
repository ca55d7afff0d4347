/**
 * Errors are told apart by what happens next, not by where they come from:
 *
 * - `ConfigError`    the job does not start; names step and field
 * - `RecordError`    that record fails and goes to the error path; the job goes on
 * - `RetryableError` the same call may be made again, after `retryAfterMs`
 * - `FatalError`     the job fails
 * - `CancelledError` not a fault: somebody asked the job to stop
 *
 * A message says what happened, where, and what to do. It never holds a secret.
 */

/**
 * Numeric codes, in the families of the Gigya REST API so that error reports of the original and of this engine read alike:
 * 4000xx bad input, 4030xx refused, 4040xx not found, 5000xx our side, 5040xx too slow.
 */
export const errorCodes = {
  invalidDocument: 400001,
  missingParameter: 400002,
  invalidParameter: 400006,
  invalidRecord: 400009,
  malformedFile: 400010,
  expressionFailed: 400011,
  scriptFailed: 400012,
  scriptLimit: 400013,
  limitExceeded: 400124,
  notAllowed: 403007,
  authenticationFailed: 403005,
  hostKeyMismatch: 403009,
  notFound: 404000,
  cancelled: 499000,
  internal: 500001,
  connectionFailed: 503001,
  targetRefused: 503002,
  timeout: 504001,
  outOfSpace: 507001,
} as const;

export type ErrorCodeName = keyof typeof errorCodes;

export interface StudioErrorOptions {
  /** A name of {@link errorCodes}, or the code a remote platform gave. */
  code: ErrorCodeName | number;
  /** For whoever debugs; what a person must know of it stands in the message. */
  cause?: unknown;
  /** Facts for the trace (host, user, port, file, line …). Never a secret. */
  details?: Record<string, string | number | boolean>;
}

abstract class StudioError extends Error {
  readonly code: number;
  readonly details: Record<string, string | number | boolean>;
  constructor(message: string, { code, cause, details = {} }: StudioErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = typeof code === 'number' ? code : errorCodes[code];
    this.details = details;
  }
}

/** Found before the job starts, or on opening a step: wrong parameters, a wrong document. */
export class ConfigError extends StudioError {
  readonly step: string | undefined;
  readonly field: string | undefined;
  constructor(message: string, options: StudioErrorOptions & { step?: string; field?: string }) {
    super(message, options);
    this.step = options.step;
    this.field = options.field;
  }
}

/** This record cannot be handled; others can. */
export class RecordError extends StudioError {}

/** The call failed for a reason that passes: throttled, busy, cut off. */
export class RetryableError extends StudioError {
  /** Milliseconds to wait, as the other side asked; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;
  /**
   * True when the fault may lie in the very records of this call: once the tries are used up only they fail, and the job
   * goes on. Not for a call that has rejected any of its records itself.
   */
  readonly ofRecords: boolean;
  constructor(message: string, options: StudioErrorOptions & { retryAfterMs?: number; ofRecords?: boolean }) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.ofRecords = options.ofRecords ?? false;
  }
}

/** The job cannot go on. */
export class FatalError extends StudioError {}

/** The signal of the job was raised. */
export class CancelledError extends StudioError {
  constructor(message = 'The job was stopped.', options: Partial<StudioErrorOptions> = {}) {
    super(message, { code: 'cancelled', ...options });
  }
}

/** True for the five kinds above, false for anything a library or a fault threw. */
export const isStudioError = (value: unknown): value is StudioError => value instanceof StudioError;

/**
 * The text of anything that was thrown. A message of ours is complete, so it stands alone; what a library threw is followed
 * by its chain of causes: `message: cause: cause`.
 */
export function errorText(thrown: unknown): string {
  const seen = new Set<unknown>();
  let parts: string[] = [];
  for (let at = thrown; at !== undefined && at !== null && !seen.has(at) && parts.length < 5; at = foreignCause(at)) {
    seen.add(at);
    const text = at instanceof Error ? at.message || at.name : String(at);
    if (parts.some((part) => part.includes(text))) continue;
    parts = [...parts.filter((part) => !text.includes(part)), text];
  }
  return parts.map((part, index) => (index < parts.length - 1 ? part.replace(/[.:]$/, '') : part)).join(': ');
}

const foreignCause = (thrown: unknown): unknown => (thrown instanceof Error && !isStudioError(thrown) ? thrown.cause : undefined);
