import { FTPError } from 'basic-ftp';
import { CancelledError, type ErrorCodeName, FatalError, isStudioError, RetryableError } from '#dataflow';
import { faultCode, faultRemedy, faultText, isPassing } from '../network.ts';
import type { FtpSettings } from './settings.ts';

export interface FtpAttempt {
  settings: FtpSettings;
  /** For the error text, e.g. `Writing /out/a.csv`. */
  doing: string;
  signal: AbortSignal;
  /** Until the server let the user in. */
  loggingIn?: boolean;
}

const facts = ({ host, username, port, timeoutMs, security }: FtpSettings) => ({ host, user: username, port, timeoutMs, security });

/** What happened, why, where, as whom, and what to do. */
function sentence(error: string, { cause, remedy = '' }: { cause: string; remedy?: string }, { doing, settings }: FtpAttempt): string {
  const { host, user, port, timeoutMs, security } = facts(settings);
  const where = `host = ${host}, user = ${user}, port = ${port}, encryption = ${security}, Timeout(ms) = ${timeoutMs}`;
  return `${doing} failed: error = ${error}, cause = ${cause.replace(/\s+/g, ' ').replace(/\.? *$/, '')}, ${where}.${remedy === '' ? '' : ` ${remedy}`}`;
}

/** Anything that was thrown on the way to, or by, one act on an FTP server. */
export function ftpError(thrown: unknown, attempt: FtpAttempt): Error {
  if (isStudioError(thrown)) return thrown;
  if (attempt.signal.aborted) return new CancelledError();
  if (thrown instanceof FTPError) return refusal(thrown, attempt);
  const code = faultCode(thrown) ?? '';
  if (/SELF_SIGNED|^CERT_|UNABLE_TO|ERR_TLS_CERT/.test(code)) return certificateError(thrown, attempt);
  const options = { code: 'connectionFailed', cause: thrown, details: facts(attempt.settings) } as const;
  if (attempt.loggingIn && /^ERR_SSL|EPROTO/.test(code)) {
    const remedy = 'Check port and encryption: port 21 wants explicit, port 990 implicit.';
    return new FatalError(sentence('no encrypted connection', { cause: faultText(thrown), remedy }, attempt), options);
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (/timeout/i.test(text) || code === 'ETIMEDOUT') return timeoutError(attempt, thrown);
  const error = attempt.loggingIn ? 'no connection' : 'connection lost';
  const closed = /User closed|FIN packet|closed connection|Client is closed|Socket closed/.test(text);
  const message =
    sentence(error, { cause: closed && code === '' ? 'the server closed the connection' : faultText(thrown) }, attempt) +
    faultRemedy(thrown);
  // A server that dies says so unencrypted, which looks like a fault of the encryption.
  const passing = closed || /^ERR_SSL/.test(code) || (code !== '' && isPassing(thrown));
  return passing ? new RetryableError(message, options) : new FatalError(message, options);
}

/** A server that does not answer a login will not the next time either; one that was at work may. */
export function timeoutError(attempt: FtpAttempt, thrown?: unknown): RetryableError | FatalError {
  const message = sentence('timeout', { cause: `no answer for ${attempt.settings.timeoutMs / 1000} s` }, attempt);
  const options = { code: 'timeout', cause: thrown, details: facts(attempt.settings) } as const;
  return attempt.loggingIn ? new FatalError(message, options) : new RetryableError(message, options);
}

export const pinError = (offered: string, attempt: FtpAttempt): FatalError =>
  new FatalError(
    sentence(
      'certificate mismatch',
      {
        cause: `the server shows the certificate ${offered}, not the expected one`,
        remedy: 'If the server was given a new certificate, put its fingerprint into certificateSha256.',
      },
      attempt,
    ),
    { code: 'hostKeyMismatch', details: { ...facts(attempt.settings), offered } },
  );

const certificateError = (thrown: unknown, attempt: FtpAttempt): FatalError =>
  new FatalError(
    sentence(
      'certificate refused',
      {
        cause: faultText(thrown),
        remedy:
          'Have the server renew its certificate, or trust it: its authority in certificateAuthority, or its fingerprint in certificateSha256.',
      },
      attempt,
    ),
    { code: 'connectionFailed', cause: thrown, details: facts(attempt.settings) },
  );

interface Meaning {
  error: string;
  code: ErrorCodeName;
  remedy?: string;
}

/** What a reply of 400 or more means (RFC 959, section 4.2). */
function meaningOf({ code, message }: FTPError, loggingIn: boolean): Meaning {
  if (loggingIn && /TLS|SSL|AUTH|secure|encrypt/i.test(message)) {
    return { error: 'refused by the server', code: 'connectionFailed', remedy: 'Check the encryption of the step.' };
  }
  if (code === 530 || code === 331 || code === 332) {
    return { error: 'login refused', code: 'authenticationFailed', remedy: 'Check user name and password.' };
  }
  if (code === 452 || code === 552) return { error: 'no space left', code: 'outOfSpace', remedy: 'Free space on the server.' };
  const denied = code === 553 || /denied|permission|not allowed|access/i.test(message);
  if (denied) return { error: 'refused by the server', code: 'notAllowed', remedy: 'Give the user the right to it on the server.' };
  if (code === 550) return { error: 'refused by the server', code: 'notFound', remedy: 'Check the name and the rights of the user.' };
  return { error: 'refused by the server', code: 'targetRefused' };
}

/** Busy or cut off, not refused: 421 service not available, 425 and 426 data connection, 450 file busy. */
const passingReplies = new Set([421, 425, 426, 450]);

function refusal(thrown: FTPError, attempt: FtpAttempt): FatalError | RetryableError {
  const details = { ...facts(attempt.settings), reply: thrown.code };
  // What vsftpd says when one of its processes dies.
  const died = !attempt.loggingIn && thrown.message.startsWith('500 OOPS');
  if (died || passingReplies.has(thrown.code)) {
    return new RetryableError(sentence('cut off by the server', { cause: thrown.message }, attempt), {
      code: 'connectionFailed',
      cause: thrown,
      details,
    });
  }
  const { error, code, remedy = '' } = meaningOf(thrown, attempt.loggingIn ?? false);
  return new FatalError(sentence(error, { cause: thrown.message, remedy }, attempt), { code, cause: thrown, details });
}
