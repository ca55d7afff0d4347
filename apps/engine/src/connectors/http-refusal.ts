import { FatalError, RecordError, RetryableError } from '#dataflow';
import { type HttpAnswer, retryAfterMs } from './http.ts';

/** Busy, throttled or broken just now: the same request may succeed later. */
const passing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/** Letters of an answer that are shown in an error. */
const SHOWN = 300;

/** The error of an answer that is no success, by what happens next. */
export function refusalOf({ status, headers, text = '' }: HttpAnswer, url: URL): RetryableError | FatalError | RecordError {
  const where = url.origin + url.pathname;
  const details = { host: url.hostname, url: where, status };
  if (passing(status)) {
    const waitMs = retryAfterMs(headers['retry-after']);
    return new RetryableError(`${where} is busy: HTTP ${status}${said(text)}.`, {
      code: 'targetRefused',
      details,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
  if (status >= 300 && status < 400) {
    const target = typeof headers.location === 'string' ? ` to ${headers.location.replace(/\?.*/s, '')}` : '';
    return new FatalError(
      `${where} sends requests on${target} (HTTP ${status}). Redirects are not followed; give the final address as url.`,
      {
        code: 'targetRefused',
        details,
      },
    );
  }
  if (status === 401 || status === 407) {
    return new FatalError(`${where} refuses the credentials (HTTP ${status}${said(text)}). Check the authentication of the step.`, {
      code: 'authenticationFailed',
      details,
    });
  }
  return new RecordError(`${where} refused the records: HTTP ${status}${said(text)}.`, { code: 'targetRefused', details });
}

function said(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? '' : `, ${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}`;
}
