import { FatalError, RetryableError } from '#dataflow';
import { faultCode, faultRemedy, faultText, isPassing } from '../network.ts';
import type { SftpSettings } from './settings.ts';

/** Status codes of the protocol (draft-ietf-secsh-filexfer-02, section 7). */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

const facts = ({ host, username, port, timeoutMs }: SftpSettings) => ({ host, user: username, port, timeoutMs });

/** One sentence with the facts that help to find a fault: what happened, why, where, as whom. */
const sentence = (what: string, { error, cause }: { error: string; cause: string }, settings: SftpSettings): string => {
  const { host, user, port, timeoutMs } = facts(settings);
  return `${what}: error = ${error}, cause = ${cause}, host = ${host}, user = ${user}, port = ${port}, Timeout(ms) = ${timeoutMs}.`;
};

/** The server could not be reached or spoke no SSH. */
export function connectError(thrown: unknown, settings: SftpSettings): FatalError | RetryableError {
  const { level } = thrown as { level?: unknown };
  const passing = isPassing(thrown) && (faultCode(thrown) !== undefined || level === 'client-socket');
  const message = sentence('SFTP connection failed', { error: 'no connection', cause: faultText(thrown) }, settings) + faultRemedy(thrown);
  const options = { code: 'connectionFailed', cause: thrown, details: facts(settings) } as const;
  return passing ? new RetryableError(message, options) : new FatalError(message, options);
}

export const loginError = (
  settings: SftpSettings,
  { cause, remedy = 'Check username, password, privateKey and passphrase.' }: { cause: string; remedy?: string },
  thrown?: unknown,
): FatalError =>
  new FatalError(`${sentence('SFTP connection failed', { error: 'login refused', cause }, settings)} ${remedy}`, {
    code: 'authenticationFailed',
    cause: thrown,
    details: facts(settings),
  });

export const hostKeyError = (settings: SftpSettings, offered: string): FatalError =>
  new FatalError(
    `${sentence('SFTP connection failed', { error: 'host key mismatch', cause: `the server shows SHA256:${offered}, not the expected key` }, settings)} If the server was given a new key, put its fingerprint into hostKeySha256.`,
    { code: 'hostKeyMismatch', details: { ...facts(settings), offered } },
  );

/** Nobody answers a connection attempt. */
export const timeoutError = (settings: SftpSettings, doing: string): FatalError =>
  new FatalError(timeoutText(settings, doing), { code: 'timeout', details: facts(settings) });

/** A request over a connection that stood got no answer. */
export const silenceError = (settings: SftpSettings, doing: string): RetryableError =>
  new RetryableError(timeoutText(settings, doing), { code: 'timeout', details: facts(settings) });

const timeoutText = (settings: SftpSettings, doing: string): string =>
  sentence(`${doing} failed`, { error: 'timeout', cause: `no answer for ${settings.timeoutMs / 1000} s` }, settings);

/** The connection died under way. */
export const lostError = (settings: SftpSettings, { doing, thrown }: { doing: string; thrown: unknown }): RetryableError =>
  new RetryableError(
    sentence(
      `${doing} failed`,
      { error: 'connection lost', cause: thrown === undefined ? 'the server closed the connection' : faultText(thrown) },
      settings,
    ),
    { code: 'connectionFailed', cause: thrown, details: facts(settings) },
  );

/** The status a server refused a request with, out of an error of ssh2 or of ssh2-sftp-client; undefined when it is no refusal. */
export function statusOf(thrown: unknown): number | undefined {
  const { code } = thrown as { code?: unknown };
  return code === 'ENOENT' ? NO_SUCH_FILE : typeof code === 'number' ? code : undefined;
}

/** The server refused one request; the connection lives. */
export function statusError(settings: SftpSettings, { doing, thrown }: { doing: string; thrown: unknown }): FatalError {
  const status = statusOf(thrown);
  const code = status === NO_SUCH_FILE ? 'notFound' : status === PERMISSION_DENIED ? 'notAllowed' : 'targetRefused';
  // The client puts the name of its method in front of what the server said.
  const said = faultText(thrown).replace(/^_?[a-zA-Z]+: /, '');
  const cause = status === NO_SUCH_FILE ? 'no such file or folder' : status === PERMISSION_DENIED ? 'permission denied' : said;
  return new FatalError(sentence(`${doing} failed`, { error: 'refused by the server', cause }, settings), {
    code,
    cause: thrown,
    details: facts(settings),
  });
}
