import { errorCodes, FatalError, isDataRecord, type Json, RetryableError } from '#dataflow';
import type { Explanation } from '../http-refusal.ts';
import { oauthExplanation } from '../oauth-token.ts';

interface Refusal {
  status: number;
  json: Json | undefined;
}

/** What the JSON API says in the body of a refusal ("HTTP status and error codes for JSON"). */
function readError({ json }: Refusal): { reason: string; message: string } | undefined {
  const error = isDataRecord(json) ? json.error : undefined;
  if (!isDataRecord(error)) return undefined;
  const [first] = Array.isArray(error.errors) ? error.errors : [];
  const reason = isDataRecord(first) && typeof first.reason === 'string' ? first.reason : 'error';
  return { reason, message: typeof error.message === 'string' ? error.message : '' };
}

/** True when the bucket wants the requester to pay and nobody was named. */
export const wantsPayer = (refusal: Refusal): boolean =>
  refusal.status === 400 && /requester pays/i.test(readError(refusal)?.message ?? '');

const passing = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'backendError', 'internalError']);

/** The meaning of a refusal by the JSON API and what to do about it; nothing here concerns single records. */
export function gcsExplanation(refusal: Refusal): Explanation {
  const { reason, message } = readError(refusal) ?? { reason: '', message: '' };
  const { status } = refusal;
  const text = reason === '' ? '' : `${reason}: ${message}`;
  if (status === 408 || status === 429 || status >= 500 || passing.has(reason)) return { text, next: 'repeat' };
  return { text, next: 'fail', ...meaningOf(status, message) };
}

function meaningOf(status: number, message: string): Pick<Explanation, 'code' | 'remedy'> {
  switch (status) {
    case 401:
      return { code: errorCodes.authenticationFailed, remedy: 'Check clientEmail and privateKey.' };
    case 403:
      return {
        code: errorCodes.notAllowed,
        remedy: 'Give the service account that right on the bucket: the role Storage Object Viewer to read, Storage Object User to write.',
      };
    case 404:
      return {
        code: errorCodes.notFound,
        remedy: /bucket/i.test(message) ? 'Check bucketName.' : 'It was removed meanwhile. Run the job again.',
      };
    case 412:
      return { code: errorCodes.malformedFile, remedy: 'The object changed while it was read. Run the job again when it is complete.' };
    default:
      return {};
  }
}

/** What the token endpoint says (RFC 6749, section 5.2), with the parameters of the step in place of OAuth's. */
export function tokenExplanation(refusal: Refusal): Explanation | undefined {
  const explanation = oauthExplanation(refusal);
  if (explanation?.next !== 'fail') return explanation;
  return { ...explanation, code: errorCodes.authenticationFailed, remedy: tokenRemedy(explanation.text) };
}

function tokenRemedy(text: string): string {
  if (/signature/i.test(text))
    return 'privateKey does not belong to clientEmail, or the key was deleted. Take both from one service-account file.';
  if (/account not found/i.test(text)) return 'There is no such service account. Check clientEmail.';
  if (/short-lived|timeframe/i.test(text)) return 'The clock of this machine is wrong. Set it, best by a time server.';
  if (/audience/i.test(text)) return 'Check oauthEndpoint.';
  return 'Check clientEmail, privateKey and oauthEndpoint.';
}

/** The same error with what was being done in front: `Writing out/a.csv failed: …`. */
export function failureOf(doing: string, thrown: unknown): unknown {
  if (!(thrown instanceof FatalError || thrown instanceof RetryableError)) return thrown;
  const { code, cause, details } = thrown;
  const message = `${doing} failed: ${thrown.message}`;
  if (thrown instanceof FatalError) return new FatalError(message, { code, cause, details });
  const wait = thrown.retryAfterMs === undefined ? {} : { retryAfterMs: thrown.retryAfterMs };
  return new RetryableError(message, { code, cause, details, ...wait });
}
