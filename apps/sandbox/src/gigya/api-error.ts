import { messageOf } from './error-codes.ts';

/** One field that was refused; the API lists them under `validationErrors`. */
export type ValidationError = { fieldName: string; message: string; errorCode: number };

/** An answer other than OK. `details` becomes `errorDetails`. */
export class ApiError extends Error {
  readonly errorCode: number;
  readonly details: string;
  readonly validationErrors: readonly ValidationError[];

  constructor(errorCode: number, details: string, validationErrors: readonly ValidationError[] = []) {
    super(messageOf(errorCode));
    this.name = 'ApiError';
    this.errorCode = errorCode;
    this.details = details;
    this.validationErrors = validationErrors;
  }
}
