import { STATUS_CODES } from 'node:http';
import { newId } from '../../new-id.ts';
import type { ApiError } from '../api-error.ts';

export interface Envelope {
  callId: string;
  errorCode: number;
  errorMessage?: string;
  errorDetails?: string;
  validationErrors?: readonly object[];
  apiVersion: 2;
  statusCode: number;
  statusReason: string;
  time: string;
  /** As the caller sent it. */
  context?: string;
  [field: string]: unknown;
}

/** What surrounds the fields of every answer. */
export const success = (fields: object, context: string | undefined): Envelope => ({ ...frame(0, context), ...fields });

export function failure(error: ApiError, context: string | undefined): Envelope {
  return {
    ...frame(error.errorCode, context),
    errorMessage: error.errorMessage,
    errorDetails: error.message,
    ...(error.validationErrors.length > 0 && { validationErrors: error.validationErrors }),
  };
}

function frame(errorCode: number, context: string | undefined): Envelope {
  const statusCode = errorCode === 0 ? 200 : Math.floor(errorCode / 1000);
  return {
    callId: newId(),
    errorCode,
    apiVersion: 2,
    statusCode,
    statusReason: STATUS_CODES[statusCode] ?? 'Error',
    time: new Date().toISOString(),
    ...(context !== undefined && { context }),
  };
}
