import { S3ServiceException } from '@aws-sdk/client-s3';
import { CancelledError, type ErrorCodeName, FatalError, isStudioError, RetryableError } from '#dataflow';
import { networkError } from '../network.ts';
import { placeOf, type S3Settings } from './settings.ts';

/** What a code of S3 means and what to do about it. Codes: Amazon S3 API reference, "Error responses". */
const meanings: Record<string, { code: ErrorCodeName; remedy: string }> = {
  InvalidAccessKeyId: { code: 'authenticationFailed', remedy: 'The server does not know accessKey. Check accessKey (and endpoint).' },
  SignatureDoesNotMatch: { code: 'authenticationFailed', remedy: 'secretKey does not belong to accessKey. Check both.' },
  InvalidToken: { code: 'authenticationFailed', remedy: 'Temporary credentials are not supported. Give the keys of an IAM user.' },
  RequestTimeTooSkewed: { code: 'authenticationFailed', remedy: 'The clock of this machine is wrong. Set it, best by a time server.' },
  AccountProblem: { code: 'notAllowed', remedy: 'Ask the owner of the account.' },
  NoSuchBucket: { code: 'notFound', remedy: 'There is no such bucket. Check bucketName (and endpoint).' },
  InvalidBucketName: { code: 'invalidParameter', remedy: 'This cannot be the name of a bucket. Check bucketName.' },
  NoSuchKey: { code: 'notFound', remedy: 'It was removed since it was listed. Run the job again.' },
  InvalidObjectState: { code: 'notAllowed', remedy: 'The object is archived (Glacier). Restore it, or leave it out by fileNameRegex.' },
  PreconditionFailed: { code: 'malformedFile', remedy: 'The object changed while it was read. Run the job again when it is complete.' },
  KeyTooLongError: { code: 'invalidParameter', remedy: 'Shorten objectKeyPrefix or the file name.' },
  NoSuchUpload: { code: 'targetRefused', remedy: 'Somebody removed the unfinished upload. Look for a lifecycle rule that is too eager.' },
  EntityTooLarge: { code: 'limitExceeded', remedy: 'Split the file, for example by maxFileSize of the step that makes it.' },
};

/** Codes of calls that may be made again. */
const passing = new Set(['SlowDown', 'ServiceUnavailable', 'InternalError', 'RequestTimeout', 'Throttling', 'TooManyRequests']);

/** What was being done, and the right it takes. */
interface Doing {
  doing: string;
  permission: string;
}

/** The error of a call, by what happens next, naming bucket and server. */
export function s3Error(
  thrown: unknown,
  { doing, permission }: Doing,
  { settings, signal }: { settings: S3Settings; signal: AbortSignal },
): Error {
  if (signal.aborted) return new CancelledError();
  if (isStudioError(thrown)) return thrown;
  const details = { bucket: settings.bucket, ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }) };
  if (!(thrown instanceof S3ServiceException) || thrown.$metadata.httpStatusCode === undefined) {
    return networkError(thrown, { what: `${doing} failed, ${settings.endpoint ?? 'Amazon S3'} did not answer`, details, signal });
  }
  const status = thrown.$metadata.httpStatusCode;
  const told = `${doing} failed: ${placeOf(settings)} answered ${status} ${thrown.name} (${thrown.message.replace(/\.$/, '')}).`;
  const options = { cause: thrown, details: { ...details, status, error: thrown.name } };
  const region = regionOf(thrown);
  if (region !== undefined) {
    return new FatalError(`${told} The bucket is in another region than ${settings.region}. Set region to ${region}, or leave it empty.`, {
      code: 'invalidParameter',
      ...options,
    });
  }
  if (passing.has(thrown.name) || status >= 500 || status === 429) return new RetryableError(told, { code: 'targetRefused', ...options });
  const meaning = meanings[thrown.name];
  if (meaning) return new FatalError(`${told} ${meaning.remedy}`, { code: meaning.code, ...options });
  if (status === 403)
    return new FatalError(`${told} The user of accessKey needs the right ${permission}.`, { code: 'notAllowed', ...options });
  return new FatalError(told, { code: status === 404 ? 'notFound' : 'targetRefused', ...options });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * The region a bucket is really in, when that is why a call was refused: told in the body of a wrong signature's answer
 * (AuthorizationHeaderMalformed), or in a header of the answer to a call that went to another region's door (301).
 */
export function regionOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof S3ServiceException)) return undefined;
  const { Region } = thrown as { Region?: unknown };
  if (thrown.name === 'AuthorizationHeaderMalformed' && isText(Region)) return Region;
  const status = thrown.$metadata.httpStatusCode;
  const told = thrown.$response?.headers['x-amz-bucket-region'];
  return (status === 301 || status === 307 || status === 400) && isText(told) ? told : undefined;
}
