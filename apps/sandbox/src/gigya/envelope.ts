import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { ApiError } from './api-error.ts';
import { reasonOf, statusOf } from './error-codes.ts';

/** What surrounds every answer besides the method's own fields. `now` is in milliseconds since 1970. */
export interface EnvelopeFrame {
  now: number;
  context?: string | undefined;
}

export function success(fields: JsonObject, frame: EnvelopeFrame): JsonObject {
  return { ...head(0), ...tail(0, frame), ...fields };
}

export function failure(error: ApiError, frame: EnvelopeFrame): JsonObject {
  return {
    ...head(error.errorCode),
    errorMessage: error.message,
    errorDetails: error.details,
    ...(error.validationErrors.length > 0 ? { validationErrors: error.validationErrors.map((one) => ({ ...one })) } : {}),
    ...tail(error.errorCode, frame),
  };
}

function head(errorCode: number): JsonObject {
  return { callId: randomUUID().replaceAll('-', ''), errorCode };
}

function tail(errorCode: number, { now, context }: EnvelopeFrame): JsonObject {
  const statusCode = statusOf(errorCode);
  return {
    apiVersion: 2,
    statusCode,
    statusReason: reasonOf(statusCode),
    time: new Date(now).toISOString(),
    ...(context === undefined ? {} : { context }),
  };
}
