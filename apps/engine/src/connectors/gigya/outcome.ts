import { type DataRecord, FatalError, type Json, RecordError, RetryableError, type StudioErrorOptions } from '#dataflow';

/** The answer of any method: the envelope with the method's own fields beside it. */
export interface GigyaAnswer extends DataRecord {
  errorCode: number;
}

/** A call that was refused for the record it was about; carries the whole answer. */
export class RefusedCall extends RecordError {
  readonly answer: GigyaAnswer;
  constructor(message: string, { answer, ...options }: StudioErrorOptions & { answer: GigyaAnswer }) {
    super(message, options);
    this.answer = answer;
  }
}

/** OK with errors, accounts linked, OK but identifier exists, pending registration or verification or login identifier. */
const partialSuccess = new Set([200008, 200009, 200010, 206001, 206002, 206003]);
/** Throttled, busy, or two updates of one account at once: the same call may succeed a little later. */
const passing = new Set([403004, 403048, 409030, 500001, 500028, 503001, 504001, 504002]);
/** Of these, the ones that one account or object alone can cause, each time it is called. */
const ofAccount = new Set([409030, 500001, 500028, 503001, 504001, 504002]);
/** The key itself is refused, so that every further call would be. */
const refusedKey = new Set([400093, 403000, 403002, 403003, 403006, 403007, 403010, 403036]);
/** "Unauthorized user" is about the key when a call names nobody, else about the account that it names. */
export const UNAUTHORIZED_USER = 403005;
const UNKNOWN_METHOD = 405001;

export interface CallFacts {
  method: string;
  apiKey: string;
  userKey: string;
  /** The call is about one account, named by UID or token. */
  namesAccount: boolean;
  /** The call is about one record, whether that names an account or not. */
  ofRecord?: boolean;
}

export const isSuccess = ({ errorCode }: GigyaAnswer): boolean => errorCode === 0 || partialSuccess.has(errorCode);

/** The error of a refused call by what happens next, with the platform's own code and words. */
export function errorOf(
  answer: GigyaAnswer,
  { method, apiKey, userKey, namesAccount, ofRecord = namesAccount }: CallFacts,
): RetryableError | FatalError | RefusedCall {
  const { errorCode, callId } = answer;
  const details = { method, apiKey, ...(typeof callId === 'string' ? { callId } : {}) };
  if (passing.has(errorCode)) {
    const ofRecords = ofRecord && ofAccount.has(errorCode);
    return new RetryableError(`${method} was put off: ${messageOf(answer)} (${errorCode}).`, { code: errorCode, details, ofRecords });
  }
  if (refusedKey.has(errorCode) || (errorCode === UNAUTHORIZED_USER && !namesAccount)) {
    return new FatalError(
      `${method} was refused for site ${apiKey} and user key ${userKey}: ${messageOf(answer)} (${errorCode}). Check the API key, the user key, its secret and its permissions.`,
      { code: 'authenticationFailed', details: { ...details, userKey, platformCode: errorCode } },
    );
  }
  if (errorCode === UNKNOWN_METHOD) {
    return new FatalError(
      `The platform has no method ${method} (${errorCode}). Check its name and its namespace, e.g. accounts.setAccountInfo.`,
      {
        code: errorCode,
        details,
      },
    );
  }
  return new RefusedCall(messageOf(answer), { code: errorCode, details, answer });
}

function messageOf({ errorMessage, errorDetails, validationErrors }: GigyaAnswer): string {
  const fields = Array.isArray(validationErrors) ? validationErrors.map(fieldMessage).filter((text) => text !== '') : [];
  const detail = fields.length > 0 ? fields.join('; ') : text(errorDetails);
  const message = text(errorMessage) || 'The call failed';
  return detail === '' || detail === message ? message : `${message}: ${detail}`;
}

function fieldMessage(found: Json): string {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return '';
  return [text(found.fieldName), text(found.message)].filter((part) => part !== '').join(': ');
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
