/** errorCode to errorMessage, for the codes this API gives. The first three digits are the status code. */
const messages = {
  400001: 'Invalid request format',
  400002: 'Missing required parameter',
  400006: 'Invalid parameter value',
  400030: 'Operation not allowed',
  400093: 'Invalid ApiKey parameter',
  403002: 'Request has expired',
  403003: 'Invalid request signature',
  403004: 'Duplicate nonce',
  403005: 'Unauthorized user',
  403006: 'Secret sent over HTTP',
  403007: 'Permission denied',
  403010: 'Invalid secret',
  403200: 'Redundant Operation',
  404000: 'Not found',
  405001: 'API method not found',
  413001: 'Entity too large',
  500001: 'General server error',
  504002: 'Request timeout',
} as const;

export type ErrorCode = keyof typeof messages;
export const errorCodes = Object.keys(messages).map(Number);

/** One thing that is wrong with what was sent. */
export interface ValidationError {
  fieldName: string;
  message: string;
  errorCode: number;
}

/** An answer other than OK. The message goes into `errorDetails`, meant for the caller; never a secret. */
export class ApiError extends Error {
  readonly errorCode: ErrorCode;
  readonly validationErrors: readonly ValidationError[];

  constructor(errorCode: ErrorCode, details: string, validationErrors: readonly ValidationError[] = []) {
    super(details);
    this.name = 'ApiError';
    this.errorCode = errorCode;
    this.validationErrors = validationErrors;
  }

  get errorMessage(): string {
    return messages[this.errorCode];
  }
}
