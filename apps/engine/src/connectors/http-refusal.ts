import { FatalError, RecordError, RetryableError } from '#dataflow';
import { type HttpAnswer, retryAfterMs } from './http.ts';

/** What a platform says about a refusal in its own terms. */
export interface Explanation {
  /** Its own number, when it has one. */
  code?: number | undefined;
  /** Its own words, with its error name where it uses names. */
  text: string;
  /** What happens next, where the HTTP status alone misleads: the records fail, the call is repeated, or the job fails. */
  next?: 'reject' | 'repeat' | 'fail' | undefined;
  /** What to do about it, a sentence. */
  remedy?: string | undefined;
  /** There were too many calls, said otherwise than by HTTP 429: all calls of the step pause. */
  throttled?: boolean | undefined;
  /** How long to wait, where the platform says it otherwise than by Retry-After. */
  retryAfterMs?: number | undefined;
}

/** Letters of an answer that are shown in an error. */
const SHOWN = 300;

/** The error of an answer that is no success, by what happens next. */
export function refusalOf(answer: HttpAnswer, url: URL, explanation?: Explanation): RetryableError | FatalError | RecordError {
  const { status, headers, text = '' } = answer;
  const where = url.origin + url.pathname;
  const details = { host: url.hostname, url: where, status };
  const said = saidOf(explanation?.text ?? text);
  const next = explanation?.next ?? nextOf(status);
  const remedy = explanation?.remedy ?? (explanation?.next === undefined ? remedyOf(answer, url) : undefined);
  const message = `${where} ${verbOf(answer, next, explanation)}: HTTP ${status}${said}.${remedy === undefined ? '' : ` ${remedy}`}`;
  const code = explanation?.code ?? (isCredentials(status) ? ('authenticationFailed' as const) : ('targetRefused' as const));
  if (next === 'repeat') {
    const waitMs = retryAfterMs(headers['retry-after']) ?? explanation?.retryAfterMs;
    return new RetryableError(message, { code, details, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) });
  }
  return next === 'fail' ? new FatalError(message, { code, details }) : new RecordError(message, { code, details });
}

const isCredentials = (status: number): boolean => status === 401 || status === 407;

/** Busy, throttled or broken just now: the same request may succeed later. Redirects and refused credentials concern every call. */
function nextOf(status: number): 'reject' | 'repeat' | 'fail' {
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'repeat';
  return isCredentials(status) || (status >= 300 && status < 400) ? 'fail' : 'reject';
}

function verbOf({ status }: HttpAnswer, next: 'reject' | 'repeat' | 'fail', explanation: Explanation | undefined): string {
  if (next === 'repeat') return 'is busy';
  if (next === 'reject') return 'refused the records';
  // A platform with codes of its own may answer 401 for any reason.
  return isCredentials(status) && explanation?.code === undefined
    ? 'refuses the credentials'
    : status >= 300 && status < 400
      ? 'sends requests on'
      : 'refused the call';
}

function remedyOf({ status, headers }: HttpAnswer, url: URL): string | undefined {
  if (isCredentials(status)) return 'Check the credentials of the step.';
  if (status < 300 || status >= 400) return undefined;
  const target = typeof headers.location === 'string' ? headers.location.replace(/\?.*/s, '') : 'another address';
  return `It names ${target}; redirects are not followed, so give the final address instead of ${url.origin}.`;
}

function saidOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line === '' ? '' : `, ${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}`;
}
